import { describe, expect, it } from '@jest/globals';
import type { Finished } from '../../ports/exec.ts';
import { silentReport } from '../../ports/report.ts';
import { aptSource, simulateArgs } from './apt.ts';
import type { ListContext } from './listing.ts';

const source = aptSource.schema.parse({ from: 'apt', package: 'btop', suite: 'trixie' });

/** What mmdebstrap prints, by Debian's name of the architecture. */
function context(printed: Readonly<Record<string, string>>, asked: string[] = []): ListContext {
  const run = (program: string, args: readonly string[]): Promise<Finished> => {
    asked.push(`run ${program}`);
    const arch = args.find((arg) => arg.startsWith('--architectures='))?.split('=')[1] ?? '';
    const stderr = printed[arch] ?? '';
    return Promise.resolve({ code: stderr.includes('E: ') ? 1 : 0, stdout: '', stderr });
  };
  const http = { get: fail, bytes: fail, text: fail };
  return {
    ports: { exec: { run, filter: fail }, http, report: silentReport },
    archTokens: { 'x86-64': 'amd64', arm64: 'arm64' },
    requireTools: async (programs) => void asked.push(`install ${programs.join(' ')}`),
  };
}

function fail(): never {
  throw new Error('not to be called');
}

const inst = (name: string, version: string) =>
  `Inst libc6 (2.41-12 Debian:13/stable [amd64])\nInst ${name} (${version} Debian:13/stable [amd64]) []\nConf ${name} (${version})\n`;

describe('versions of a Debian package', () => {
  it('are what apt would install, for each architecture', async () => {
    const listed = await aptSource.list(
      source,
      context({ amd64: inst('btop', '1.3.2-0.1'), arm64: inst('btop', '1.3.2-0.1') }),
    );
    expect(listed).toEqual([{ text: '1.3.2-0.1', prerelease: false, arches: new Set(['x86-64', 'arm64']) }]);
  });

  it('may differ, or be missing, for one of them', async () => {
    const printed = { amd64: inst('btop', '1:1.3.2-0.1+b1'), arm64: 'E: Unable to locate package btop\n' };
    expect(await aptSource.list(source, context(printed))).toEqual([
      { text: '1:1.3.2-0.1+b1', prerelease: false, arches: new Set(['x86-64']) },
    ]);
  });

  it('are not those of a package whose name goes on', async () => {
    const printed = { amd64: inst('btop-extra', '9'), arm64: inst('btop', '1') };
    await expect(aptSource.list(source, context(printed))).rejects.toThrow(
      'package btop of trixie: mmdebstrap could not tell its version: exit code 0',
    );
  });

  it('cannot be told when the mirror is out of reach', async () => {
    const printed = { amd64: 'E: Failed to fetch InRelease\n', arm64: '' };
    await expect(aptSource.list(source, context(printed))).rejects.toThrow('E: Failed to fetch InRelease');
  });

  it('are asked for once the tool is there', async () => {
    const asked: string[] = [];
    await aptSource.list(source, context({ amd64: inst('btop', '1'), arm64: inst('btop', '1') }, asked));
    expect(asked).toEqual(['install mmdebstrap setpriv', 'run mmdebstrap', 'run mmdebstrap']);
  });
});

it('downloads lists only', () => {
  expect(simulateArgs(source, 'arm64')).toEqual([
    '--simulate',
    '--verbose',
    '--variant=extract',
    '--architectures=arm64',
    '--include=btop',
    '--',
    'trixie',
    '/dev/null',
  ]);
});

it.each([{ package: '--help' }, { package: 'a b' }, { suite: '../x' }])('refuses %j', (part) => {
  expect(() => aptSource.schema.parse({ ...source, ...part })).toThrow('expected');
});
