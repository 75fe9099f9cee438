import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { spawnExec } from './spawn.ts';

const exec = spawnExec(process.env);

describe('filter', () => {
  it('streams input through a program', async () => {
    const packed = gzipSync('x'.repeat(3_000_000));
    expect((await text(exec.filter('gzip', ['-dc'], Readable.from([packed])))).length).toBe(3_000_000);
  });

  it('fails with what the program said', async () => {
    const work = text(exec.filter('gzip', ['-dc'], Readable.from([Buffer.from('no')])));
    await expect(work).rejects.toThrow('gzip: ended with exit code 1: ');
  });

  it('fails when there is no such program', async () => {
    const work = text(exec.filter('no-such-program', [], Readable.from(['x'])));
    await expect(work).rejects.toThrow('no-such-program: program not found');
  });

  it('fails when its input fails', async () => {
    const input = new Readable({
      read() {
        this.destroy(new Error('the disk is gone'));
      },
    });
    await expect(text(exec.filter('cat', [], input))).rejects.toThrow('the disk is gone');
  });

  it('ends the program when the reader stops', async () => {
    const output = exec.filter('cat', ['/dev/zero'], Readable.from(['x']));
    for await (const _chunk of output) break;
    expect(output.destroyed).toBe(true);
  });
});
