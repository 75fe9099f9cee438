import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked } from '@bakery/testbed/debian-host/debian-root.ts';
import { extensionReleasePath, parseRelease } from '../../systemd/extension-release.ts';
import type { Host } from '../host.ts';
import { checkFit } from './fits-host.ts';

const flatcar = 'ID=flatcar\nVERSION_ID=4459.2.0\nSYSEXT_LEVEL=1.0\n';

/** What a host says of itself, what an image says of its hosts, and whether systemd merges it there. */
const cases: readonly (readonly [host: string, image: string, isMerged: boolean | 'by ID_LIKE'])[] = [
  ['ID=debian\nVERSION_ID=13\n', 'ID=_any\n', true],
  ['ID=debian\nVERSION_ID=13\n', 'ID=debian\nVERSION_ID=13\n', true],
  ['ID=debian\nVERSION_ID=13\n', 'ID=debian\nVERSION_ID=12\n', false],
  ['ID=debian\nVERSION_ID=13\n', 'ID=debian\n', false],
  ['ID=debian\nVERSION_ID=13\n', 'ID=debian\nSYSEXT_LEVEL=1.0\n', false],
  ['ID=debian\nVERSION_ID=13\n', 'ID=fedora\nVERSION_ID=13\n', false],
  ['ID=arch\n', 'ID=arch\n', true],
  ['ID=arch\n', 'ID=arch\nVERSION_ID=1\n', true],
  ['ID=arch\n', 'ID=arch\nSYSEXT_LEVEL=1.0\n', true],
  [flatcar, 'ID=flatcar\nSYSEXT_LEVEL=1.0\n', true],
  [flatcar, 'ID=flatcar\nSYSEXT_LEVEL=2.0\nVERSION_ID=4459.2.0\n', false],
  [flatcar, 'ID=flatcar\nVERSION_ID=4459.2.0\n', true],
  ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n', 'ID=debian\nVERSION_ID=24.04\n', 'by ID_LIKE'],
  ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n', 'ID=debian\nVERSION_ID=13\n', false],
  ['ID=cachyos\nID_LIKE="manjaro arch"\n', 'ID=arch\n', 'by ID_LIKE'],
  ['ID=cachyos\nID_LIKE="manjaro arch"\n', 'ID=ar\n', false],
];

describe.each(suitesAsked())('beside systemd-sysext of Debian %s', (suite) => {
  let real: DebianHost;
  let systemd: string;
  beforeAll(async () => {
    real = await startHost(await debianRoot(undefined, undefined, suite));
    await real.write('/run/extensions/tool/usr/share/tool/there', '');
    const { stdout } = await real.run('systemd-sysext', ['--version']);
    systemd = /\((\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? stdout;
  });
  afterAll(async () => real[Symbol.asyncDispose]());

  it.each(cases)('of a host that is %j, an image for %j: merged %p', async (host, image, merged) => {
    const isMerged = merged === 'by ID_LIKE' ? suite !== 'bookworm-backports' : merged;
    await real.write('/usr/lib/os-release', host);
    await real.write(`/run/extensions/tool/${extensionReleasePath('tool')}`, image);
    await real.run('systemd-sysext', ['merge']);
    expect(await real.exists('/usr/share/tool/there')).toBe(isMerged);
    await real.run('systemd-sysext', ['unmerge']);
    expect(await verdict(host, image, systemd)).toBe(isMerged);
  });
});

it('says that an earlier systemd does not read ID_LIKE', async () => {
  const [ubuntu, image] = ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n', 'ID=debian\nVERSION_ID=24.04\n'];
  expect(await verdict(ubuntu, image, '255.4')).toBe(false);
  expect(await verdict(ubuntu, image, '257.4')).toBe(false);
  expect(await verdict(ubuntu, image, '258')).toBe(true);
  expect(await checkFit({ release: parseRelease(image), arch: undefined }, hostOf(ubuntu, '252.39'))).toEqual(
    {
      what: 'is for this host',
      result: 'failed',
      said: ['made for ID=debian, the host is ubuntu: its systemd 252.39 does not read ID_LIKE='],
    },
  );
});

async function verdict(host: string, image: string, systemd: string): Promise<boolean> {
  const subject = { release: parseRelease(image), arch: undefined };
  return (await checkFit(subject, hostOf(host, systemd))).result === 'passed';
}

function hostOf(release: string, systemd: string): Host {
  return {
    name: 'a host',
    arch: 'x86-64',
    runs: [],
    release: parseRelease(release),
    systemdVersion: async () => systemd,
    isPristine: true,
    hasRoot: true,
    kindAt: async () => undefined,
    run: async () => ({ code: 0, stdout: '', stderr: '' }),
  };
}
