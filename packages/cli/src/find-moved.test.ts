import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { findMoved } from './find-moved.ts';
import { moved } from './moved.ts';

const recipes = join(import.meta.dirname, '../../../recipes');

describe('what a host names of the other bakery', () => {
  it.each([
    ['AuthorizedKeysCommand /usr/local/bin/opkssh verify %u %k %t', ['1:23 opkssh /usr/local/bin/opkssh']],
    ['      target: /usr/local/lib/systemd/system/k3s.service', ['1:15 any /usr/local/lib/systemd/system']],
    ['"path": "https://extensions.flatcar.org/extensions/k3s/"', ['1:18 any extensions.flatcar.org']],
    [
      'a\n/usr/local/bin/ctr /usr/local/bin/k3s\n',
      ['2:1 k3s /usr/local/bin/ctr', '2:20 k3s /usr/local/bin/k3s'],
    ],
    ['/usr/local/bin/k3s-uninstall.sh /opt/katana /usr/local/nvidia-old my-nats.service', []],
    ['/usr/bin/opkssh', []],
    ['{"inline":"a\\n/opt/kata"}', ['1:15 kata-containers /opt/kata']],
    ['"source":"data:,%2Fusr%2Flocal%2Fbin%2Fopkssh%20verify"', ['1:11 opkssh /usr/local/bin/opkssh']],
    [
      `source: data:text/plain;base64,${Buffer.from('x /usr/local/bin/opkssh').toString('base64')}`,
      ['1:9 opkssh /usr/local/bin/opkssh'],
    ],
    [
      `"data:;base64,${gzipSync('/usr/local/bin/opkssh').toString('base64')}"`,
      ['1:2 opkssh /usr/local/bin/opkssh'],
    ],
    ['"data:;base64,H4sIAAAAAAAAA" "data:,%zz"', []],
  ])('is found with its place in %j', (text, found) => {
    const shown = findMoved(text).map(
      ({ line, column, extension, old }) => `${line}:${column} ${extension} ${old}`,
    );
    expect(shown).toEqual(found);
  });

  it('is found soon in one long line, and in many short ones', () => {
    expect(findMoved('/opt/kata '.repeat(10_000))).toHaveLength(10_000);
    expect(findMoved('data:'.repeat(1_000_000))).toEqual([]);
    expect(findMoved(`${'\n'.repeat(10_000_000)}/opt/kata`)).toMatchObject([{ line: 10_000_001, column: 1 }]);
  });

  it('is told once of what is packed in an address, and never more often than anybody reads', () => {
    const packed = `"data:;base64,${gzipSync('/opt/kata\n'.repeat(6_000_000)).toString('base64')}"`;
    expect(findMoved(packed)).toMatchObject([{ line: 1, column: 2, old: '/opt/kata' }]);
    const why = 'host.ign: expected at most 10000 places that name the other bakery, got more';
    expect(() => findMoved('/opt/kata\n'.repeat(1_600_000), 'host.ign')).toThrow(why);
    expect(() => findMoved('data:,/opt/kata '.repeat(10_001), 'host.ign')).toThrow(why);
  });

  it('is not looked for in more than a host would pack, however often a little is unpacked', () => {
    const packed = `"data:;base64,${gzipSync(Buffer.alloc(8_000_000)).toString('base64')}"\n`;
    expect(findMoved(packed.repeat(3))).toEqual([]);
    expect(() => findMoved(packed.repeat(1000), 'host.ign')).toThrow(
      'host.ign: expected at most 67108864 bytes packed in contents of files, got more',
    );
  });

  it('is of extensions that are here, and sends to paths that are in their images', async () => {
    const names = new Set(await readdir(recipes));
    for (const { extension, message } of moved.filter((one) => one.extension !== 'any')) {
      expect(names.has(extension)).toBe(true);
      const [, path] = /^is (\/usr\/\S+?):?(?=$|\s)/.exec(message) ?? [];
      if (path === undefined) continue;
      const tree = await readFile(join(recipes, extension, 'tree.txt'), 'utf8');
      expect(tree).toContain(` ${path}`);
    }
  });
});
