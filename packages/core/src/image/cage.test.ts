import { chmod, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { findProgram, withSystemFolders } from '../tools/search-path.ts';
import { cageArguments, findCage } from './cage.ts';
import { openRoom } from './room.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const exec = spawnExec({ ...process.env, PATH: path, SECRET: 'token' });
const isRoot = process.getuid?.() === 0;
const run = { start: '/room', folder: '/room/tree', shown: [], seconds: 60, fileSize: 7, path: '/bin' };

describe('cageArguments', () => {
  it('are the command alone where the machine allows nothing', () => {
    expect(cageArguments({ isClosed: false, isNobody: false, isBounded: false }, run, ['x', '-y'])).toEqual([
      'x',
      '-y',
    ]);
  });

  it('put limits around walls around nobody', () => {
    const cage = { isClosed: true, isNobody: true, isBounded: true };
    const line = cageArguments(cage, { ...run, shown: [{ file: '/x.raw', as: '/room/image' }] }, ['x']).join(
      ' ',
    );
    expect(line).toBe(
      'prlimit --cpu=60 --data=4294967296 --fsize=7 --core=0 -- ' +
        'bwrap --die-with-parent --new-session --unshare-ipc --unshare-pid --unshare-net --unshare-uts ' +
        '--ro-bind / / --dev /dev --proc /proc --bind /room/tree /room/tree --ro-bind /x.raw /room/image ' +
        '--chdir /room --clearenv --setenv PATH /bin --setenv LC_ALL C --setenv TZ UTC ' +
        '--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID -- ' +
        'setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --inh-caps=-all -- x',
    );
  });
});

describe('a room', () => {
  it('has all its walls here', async () => {
    const hasBwrap = (await findProgram('bwrap', path)) !== undefined;
    expect(await findCage({ exec, path, isRoot })).toEqual({
      isClosed: hasBwrap,
      isNobody: isRoot,
      isBounded: true,
    });
  });

  it('keeps what runs in it from writing elsewhere, even where everybody may', async () => {
    await using folder = await temporary();
    await chmod(folder.path, 0o777);
    await using room = await roomIn(folder.path);
    await expect(room.run('touch', [join(folder.path, 'outside')])).rejects.toThrow(
      'touch: ended with exit code 1',
    );
    await expect(room.run('touch', [room.names.image])).rejects.toThrow('touch: ended with exit code 1');
    await room.run('touch', [`${room.names.folder}/inside`]);
    expect(await readFile(join(room.folder, 'inside'), 'utf8')).toBe('');
  });

  it('shows an image only its owner may read', async () => {
    await using folder = await temporary();
    await using room = await roomIn(folder.path, 0o600);
    expect(await room.run('cat', [room.names.image])).toBe('image');
  });

  it('is one without secrets, network and rights', async () => {
    await using folder = await temporary();
    await using room = await roomIn(folder.path);
    expect(await room.run('env', [])).not.toContain('token');
    expect((await room.run('cat', ['/proc/net/dev'])).match(/^ *\w+:/gm)).toEqual(['    lo:']);
    if (isRoot) expect((await room.run('id', ['-u'])).trim()).toBe('65534');
    if (isRoot) expect(await room.run('cat', ['/proc/self/status'])).toMatch(/^CapEff:\s0+$/m);
  });

  it('ends what writes too much', async () => {
    await using folder = await temporary();
    await using room = await roomIn(folder.path);
    const write = ['if=/dev/zero', `of=${room.names.folder}/x`, 'bs=1M', 'count=9'];
    await expect(room.run('dd', write, 1000)).rejects.toThrow(/^dd: /);
    await room.run('dd', write, 9 * 2 ** 20);
  });

  it('ends what prints too much', async () => {
    await using folder = await temporary();
    await using room = await roomIn(folder.path);
    await expect(room.run('cat', ['/dev/zero'])).rejects.toThrow(
      'expected it to print at most 268435456 bytes, got more',
    );
  });

  it('goes, with folders that nobody may enter', async () => {
    await using folder = await temporary();
    const room = await roomIn(folder.path);
    await room.run('mkdir', ['-p', `${room.names.folder}/a/b`]);
    await room.run('chmod', ['0', `${room.names.folder}/a`]);
    await room[Symbol.asyncDispose]();
    await expect(readFile(join(room.folder, 'a'))).rejects.toThrow('ENOENT');
  });
});

describe('a room where something is forbidden', () => {
  it.each([[['bwrap']], [['bwrap', 'setpriv']], [['bwrap', 'setpriv', 'prlimit']]])(
    'does without %j',
    async (forbidden) => {
      await using folder = await temporary();
      const less: typeof exec = {
        ...exec,
        run: (program, args, options) =>
          exec.run(forbidden.includes(program) ? 'false' : program, args, options),
      };
      const image = join(folder.path, 'x.raw');
      await writeFile(image, 'image', { mode: 0o600 });
      await using room = await openRoom(image, { exec: less, path, isRoot, temporary: folder.path });
      expect(await room.run('cat', [room.names.image])).toBe('image');
      await room.run('cp', [room.names.image, `${room.names.folder}/copy`], 5);
      expect(await readFile(join(room.folder, 'copy'), 'utf8')).toBe('image');
    },
  );
});

describe('a program that takes too long', () => {
  it('is ended', async () => {
    await expect(exec.run('sleep', ['60'], { mostSeconds: 0.2 })).rejects.toThrow(
      'sleep: expected it to end within 0.2 s',
    );
  });
});

async function roomIn(folder: string, mode = 0o644) {
  const image = join(folder, 'x.raw');
  await writeFile(image, 'image');
  await chmod(image, mode);
  return openRoom(image, { exec, path, isRoot, temporary: folder });
}

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'cage-'));
}
