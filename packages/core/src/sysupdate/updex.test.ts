import { describe, expect, it } from '@jest/globals';
import { updexList, updexTransfer } from './updex.ts';

const site = 'https://hub.example/extensions/updex/';

/** What validateCatalogTransferTo() and validateCatalogPatterns() of updex ask of a file, told by hand. */
function whyRefused(text: string, name: string, siteUrl: string): string | undefined {
  const sections = Map.groupBy(
    text.split('\n').reduce<{ section: string; key: string; value: string }[]>((lines, line) => {
      const section = /^\[(\w+)\]$/.exec(line)?.[1];
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      const last = lines.at(-1)?.section ?? '';
      if (section !== undefined) return [...lines, { section, key: '', value: '' }];
      return key === undefined ? lines : [...lines, { section: last, key, value: value ?? '' }];
    }, []),
    ({ section }) => section,
  );
  const get = (section: string, key: string) => sections.get(section)?.find((one) => one.key === key)?.value;
  if (get('Source', 'Type') !== 'url-file') return 'Source.Type must be url-file';
  if (get('Source', 'Path')?.replace(/\/+$/, '') !== `${siteUrl}/${name}`) return 'Source.Path';
  for (const section of ['Source', 'Target']) {
    const patterns = (get(section, 'MatchPattern') ?? '').split(/\s+/).filter((word) => word !== '');
    if (patterns.length === 0 || patterns.some((one) => /["'\\/]/.test(one)))
      return `${section}.MatchPattern`;
  }
  if ((get('Target', 'Type') ?? 'regular-file') !== 'regular-file') return 'Target.Type';
  if ((get('Target', 'Path') ?? '/var/lib/extensions.d') !== '/var/lib/extensions.d') return 'Target.Path';
  if ((get('Target', 'PathRelativeTo') ?? '') !== '') return 'Target.PathRelativeTo';
  return undefined;
}

describe('a transfer file for updex', () => {
  it.each([true, false])('is one it takes from its site, verified: %s', (verify) => {
    const { name, text } = updexTransfer('docker-compose', site, verify);
    expect(name).toBe('docker-compose.updex.conf');
    expect(whyRefused(text, 'docker-compose', site.slice(0, -1))).toBeUndefined();
    expect(text).toContain(`[Transfer]\nVerify=${verify}\n`);
  });

  it('is another one than hosts have, which updex refuses', () => {
    const { text } = updexTransfer('k3s', site, true);
    expect(whyRefused(text, 'k3s', 'https://hub.example/extensions')).toBe('Source.Path');
    const other = text.replace('/var/lib/extensions.d', '/opt/extensions/k3s');
    expect(whyRefused(other, 'k3s', site.slice(0, -1))).toBe('Target.Path');
  });
});

it('lists extensions as GitHub lists folders, of which updex takes all but a few', () => {
  const { name, text } = updexList(['k3s', 'docker']);
  expect(name).toBe('updex.json');
  expect(JSON.parse(text)).toEqual([
    { name: 'docker', type: 'dir' },
    { name: 'k3s', type: 'dir' },
  ]);
});
