import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tarGzOf, type TarMember, tarOf } from '@bakery/testbed/archives.ts';
import { until } from '@bakery/testbed/patience.ts';
import { spawnExec } from '../ports/spawn.ts';
import { createTree } from './tree.ts';
import { unpack } from './unpack.ts';

const exec = spawnExec(process.env);

describe('the tree root', () => {
  it('is all that 300 random hostile archives ever write to', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    mkdirSync(join(folder.path, 'outside'));
    const random = randomFrom(20_261_123);
    let whole = 0;
    for (let round = 0; round < 300; round += 1) {
      const members = Array.from({ length: 1 + random(8) }, () => randomMember(random, folder.path));
      const place = join(folder.path, `round-${round}`);
      mkdirSync(place);
      await unpackInto(place, tarOf(members)).then(
        () => (whole += 1),
        () => undefined,
      );
      expect(readdirSync(place).toSorted()).toEqual(['root', 'sample.tar']);
      expect(readdirSync(join(folder.path, 'outside'))).toEqual([]);
    }
    expect(readdirSync(folder.path)).toHaveLength(301);
    expect(existsSync('/usr/escaped-a')).toBe(false);
    expect(whole).toBeGreaterThan(10);
  });

  it('is all that holds anything after kill -9 in the middle', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'guard-'));
    const many = Array.from({ length: 400 }, (_, index) => ({
      path: `f${index}`,
      content: Buffer.alloc(500_000, index),
    }));
    const bytes = tarGzOf(many);
    const archive = join(folder.path, 'sample.tar.gz');
    await exec.run('mkfifo', [archive]);
    mkdirSync(join(folder.path, 'root'));
    const script = `
      import { createTree } from ${JSON.stringify(import.meta.resolve('./tree.ts'))};
      import { unpack } from ${JSON.stringify(import.meta.resolve('./unpack.ts'))};
      await unpack({ path: 'sample.tar.gz', format: 'tar.gz', label: 's' },
        { strip: 0, into: '/usr/x', exclude: [], limit: 1e9 }, createTree('root'), {});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder.path,
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    // The second half never comes.
    const pipe = createWriteStream(archive).on('error', () => {});
    pipe.write(bytes.subarray(0, bytes.length / 2));
    const target = join(folder.path, 'root/usr/x');
    await until(
      'unpacked files',
      () => child.exitCode !== null || (existsSync(target) && readdirSync(target).length >= 5),
    );
    child.kill('SIGKILL');
    await ended;
    pipe.destroy();
    expect(child.signalCode).toBe('SIGKILL');
    expect(readdirSync(target).length).toBeLessThan(400);
    expect(readdirSync(folder.path).toSorted()).toEqual(['root', 'sample.tar.gz']);
  });
});

async function unpackInto(folder: string, bytes: Buffer): Promise<void> {
  const path = join(folder, 'sample.tar');
  writeFileSync(path, bytes);
  mkdirSync(join(folder, 'root'));
  const unpacking = { strip: 0, into: '/usr/x', exclude: [], limit: 1_000_000 };
  await unpack({ path, format: 'tar', label: 'sample' }, unpacking, createTree(join(folder, 'root')), {
    exec,
  });
}

function randomMember(random: (below: number) => number, folder: string): TarMember {
  const pick = <T>(from: readonly T[]): T | undefined => from[random(from.length)];
  const names = ['a', 'b', 'c', '.', '..', '', 'a b', 'outside', 'escaped-a'];
  const parts = Array.from({ length: 1 + random(4) }, () => pick(names) ?? 'a');
  const prefix = pick(['', '', '', '', './', '/', `${folder}/outside/`, '../../', '/usr/']) ?? '';
  const links = [
    'a',
    'b/c',
    '..',
    '../..',
    '../../../../outside',
    `${folder}/outside`,
    '/usr/x/a',
    '/etc',
    '.',
    '/opt',
  ];
  return {
    path: prefix + parts.join('/'),
    type: pick(['file', 'file', 'folder', 'symlink', 'symlink', 'hardlink', 'fifo'] as const) ?? 'file',
    linkname: pick(links) ?? 'a',
    content: '',
    mode: pick([0o644, 0o755, 0o777, 0o4755]) ?? 0o644,
  };
}

/** Mulberry32: the same numbers in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
