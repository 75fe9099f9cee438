import { lstat, mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { extensionReleaseText, parseRelease, writeExtensionRelease } from './extension-release.ts';

const any = { name: 'k3s', os: { id: '_any' }, arch: 'arm64', reload: false } as const;

describe('extensionReleaseText', () => {
  it.each([
    ['any host', any, 'ID=_any\nARCHITECTURE=arm64\n'],
    [
      'one OS and level',
      { ...any, os: { id: 'flatcar', level: '1.0' } },
      'ID=flatcar\nSYSEXT_LEVEL=1.0\nARCHITECTURE=arm64\n',
    ],
    ['rolling hosts', { ...any, os: { id: 'arch' } }, 'ID=arch\nARCHITECTURE=arm64\n'],
    [
      'one version',
      { ...any, os: { id: 'debian', version: '13' } },
      'ID=debian\nVERSION_ID=13\nARCHITECTURE=arm64\n',
    ],
    [
      'a manager to reload',
      { ...any, reload: true },
      'ID=_any\nARCHITECTURE=arm64\nEXTENSION_RELOAD_MANAGER=1\n',
    ],
  ])('speaks of %s', (_what, release, text) => {
    expect(extensionReleaseText(release)).toBe(text);
  });

  it.each([
    [{ ...any, os: { id: 'Flatcar OS' } }, 'ID: expected lower-case letters'],
    [{ ...any, os: { id: '' } }, 'ID: expected'],
    [{ ...any, os: { id: 'a\nID=b' } }, 'got "a\\nID=b"'],
    [{ ...any, os: { id: 'flatcar', level: '1 0' } }, 'SYSEXT_LEVEL: expected letters'],
    [{ ...any, os: { id: 'debian', version: '13\n' } }, 'VERSION_ID: expected letters'],
  ])('refuses %j', (release, message) => {
    expect(() => extensionReleaseText(release)).toThrow(message);
  });
});

describe('writeExtensionRelease', () => {
  it('writes the file with the same mode and time whatever the umask and the hour', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'release-'));
    const previous = process.umask(0o077);
    try {
      await writeExtensionRelease(folder.path, any, 86_400);
    } finally {
      process.umask(previous);
    }
    const path = join(folder.path, 'usr/lib/extension-release.d/extension-release.k3s');
    const stats = await lstat(path);
    expect([stats.mode & 0o777, stats.mtimeMs]).toEqual([0o644, 86_400_000]);
    expect(await readFile(path, 'utf8')).toBe('ID=_any\nARCHITECTURE=arm64\n');
  });
});

describe('parseRelease', () => {
  it('takes quotes off and skips comments', () => {
    expect(parseRelease('# x\nID="_any"\nA=\'b c\'\n\nnonsense\nEMPTY=\n')).toEqual({
      ID: '_any',
      A: 'b c',
      EMPTY: '',
    });
  });
});
