import { spawnSync } from 'node:child_process';
import { mkdir, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { partialsIn } from './partials.ts';

const hourMs = 60 * 60_000;

describe('partialsIn', () => {
  it('never gives one folder to two', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'bakery-partials-'));
    const partials = partialsIn(temp.path, Date.now);
    const [one, two] = await Promise.all([partials.claim('k'), partials.claim('k')]);
    expect(one).not.toBe(two);
    await partials.release(one);
    const claims = await Promise.all([partials.claim('k'), partials.claim('k'), partials.claim('k')]);
    expect(new Set([...claims, two]).size).toBe(4);
  });

  it('hands over what was released, with its content', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'bakery-partials-'));
    const partials = partialsIn(temp.path, Date.now);
    const first = await partials.claim('k');
    await writeFile(join(first, 'body.partial'), 'x');
    await partials.release(first);
    expect(await readdir(await partials.claim('other'))).toEqual([]);
    expect(await readdir(await partials.claim('k'))).toEqual(['body.partial']);
  });

  it('takes over from a process that is gone, and never from one that lives', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'bakery-partials-'));
    const partials = partialsIn(temp.path, Date.now);
    claimInChild(temp.path);
    const [left = ''] = await readdir(temp.path);
    const claimed = await partials.claim('k');
    expect(await readdir(temp.path)).toEqual([claimed.slice(temp.path.length + 1)]);
    expect(claimed).not.toContain(left);
    expect(await partials.claim('k')).not.toBe(claimed);
  });

  it('leaves the work of another machine alone until nothing moved for an hour', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'bakery-partials-'));
    const foreign = join(temp.path, `k.0123456789ab.1.x.partial`);
    await mkdir(foreign);
    await partialsIn(temp.path, Date.now).claim('k');
    expect(await readdir(temp.path)).toContain('k.0123456789ab.1.x.partial');
    await partialsIn(temp.path, () => Date.now() + 2 * hourMs).claim('k');
    expect(await readdir(temp.path)).not.toContain('k.0123456789ab.1.x.partial');
  });

  it('tidies scratch of ended runs at once, and their downloads after a day', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'bakery-partials-'));
    const partials = partialsIn(temp.path, Date.now);
    await mkdir(join(temp.path, 'scratch.free.0.x.partial'));
    await mkdir(join(temp.path, 'k.free.0.x.partial'));
    const mine = await partials.scratch();
    await partials.tidy();
    expect((await readdir(temp.path)).toSorted()).toEqual(
      ['k.free.0.x.partial', mine.slice(temp.path.length + 1)].toSorted(),
    );
    await partialsIn(temp.path, () => Date.now() + 25 * hourMs).tidy();
    expect(await readdir(temp.path)).toEqual([mine.slice(temp.path.length + 1)]);
  });
});

function claimInChild(folder: string): void {
  const script = `
    import { partialsIn } from './partials.ts';
    await partialsIn(${JSON.stringify(folder)}, Date.now).claim('k');
    process.kill(process.pid, 'SIGKILL');
  `;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
  });
  expect(child.signal).toBe('SIGKILL');
}
