import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Suite } from '@bakery/core/guest.ts';
import { serveFolder } from '@bakery/core/serve.ts';
import { verityKeys } from '@bakery/core/testing/verity-keys.ts';
import { testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { suitesToBoot } from './booted.ts';
import { blockWith, readPage } from './page-block.ts';
import { runWell } from './run-bakery.ts';

const page = await readPage('verity.md');

describe.each(suitesToBoot())('a host with Debian %s', (suite) => {
  let stack: AsyncDisposableStack;
  let said: string;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const bakery = stack.use(await exampleBakery());
    const server = stack.use(await serveFolder(bakery.folder));
    const base = server.url.replace('127.0.0.1', '10.0.2.2');
    await bakery.write('bakery.yaml', 'recipes: [recipes]\nverity: sidecar\n');
    await bakery.putOut('alpha', '1.0.0');
    await bakery.putOut('beta', 'v1.0.0');
    const certificate = await release(bakery, 'out', base);
    await release(bakery, 'other', base);
    await bakery.write('verity.crt', certificate);
    // One boot for all rows, as a minute goes by before the first; the system to boot is the same for all runs.
    const command = scriptOf(base, suite);
    const words = ['boot', 'beta:v1.0.0', '--os', `debian:${suite}`, '--command', command];
    const { stdout } = await runWell(bakery, words, { env: { BAKERY_CACHE: testbedCache() } });
    said = stdout;
  });
  afterAll(() => stack.disposeAsync());

  it('has the systemd that the page speaks of', () => {
    expect(said).toMatch(new RegExp(`^systemd ${versions[suite]} `, 'm'));
  });

  it('gets the four files of a version by those for systemd-sysupdate, each behind its link', () => {
    const links = [...said.matchAll(/^link (\S+) (\S+)$/gm)].map(([, link, target]) => [link, target]);
    const at = '../../opt/extensions/alpha/alpha-1.0.0-x86-64.';
    expect(links).toEqual([
      ['alpha.raw', `${at}raw`],
      ['alpha.roothash', `${at}roothash`],
      ['alpha.roothash.p7s', `${at}${suite === 'sid' ? 'roothash.p7s' : 'p7s'}`],
      ['alpha.verity', `${at}verity`],
    ]);
  });

  it('merges and refuses what the table of the page says, by image, certificate and policy', () => {
    const ran = [0, 1, 2, 3].map((image) =>
      [0, 1].map((certificate) => verdictsIn(said, certificate, image)),
    );
    expect(ran).toEqual(tableOf(page, versions[suite]));
  });

  it('finds a changed block when it is read, and not when the image is merged', () => {
    expect(between('tampered')).toMatch(/^merged\ncat: .*: Input\/output error\nread 1\n$/);
  });

  it('merges under the strict policy of the page what is signed, and nothing at all with one image beside', () => {
    expect(between('strict')).toBe('alpha 1.0.0\n');
    expect(between('beside')).toBe('nothing\n');
  });

  /** What the guest printed below `== NAME`. */
  function between(name: string): string {
    return new RegExp(`^== ${name}\\n((?:(?!==).*\\n)*)`, 'm').exec(said)?.[1] ?? said;
  }
});

const versions = { trixie: '257', sid: '262' } as const;

/** Publishes alpha with a key of its own; resolves to the certificate. */
async function release(bakery: ExampleBakery, store: string, base: string): Promise<string> {
  const { key, certificate } = await verityKeys(store);
  const env = { BAKERY_VERITY_KEY: key, BAKERY_VERITY_CERT: certificate };
  const words = ['release', '--no-test', '--store', `dir:${store}`, '--hub', `${base}${store}/`, 'alpha'];
  await runWell(bakery, words, { env });
  return certificate;
}

/** In the order of the page. */
const certificates = ['no certificate', 'certificate'];
const policies = [
  '', // of systemd itself
  '--image-policy=root=verity+signed+absent:usr=verity+signed+absent',
  '--image-policy=root=signed+absent:usr=signed+absent',
];

function verdictsIn(said: string, certificate: number, image: number): string | undefined {
  return new RegExp(`^certificates ${certificate}, image ${image}: (.*)$`, 'm').exec(said)?.[1];
}

/** Verdicts on each image by one systemd, out of the table. */
function tableOf(text: string, systemd: string): string[][] {
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.split('|').length > 5);
  const [head = [], ...cells] = rows.map((line) =>
    line.split('|').map((cell) => cell.trim().replaceAll('**', '')),
  );
  const columns = certificates.map((certificate) => head.indexOf(`${systemd}, ${certificate}`));
  return cells.map((row) => columns.map((column) => row[column] ?? ''));
}

/** Shell for all of it, as root. */
function scriptOf(base: string, suite: Suite): string {
  const isNew = suite === 'sid';
  const fetching = blockWith(page, 'systemd-sysupdate -C NAME update')
    .replaceAll(
      'https://HUB/extensions/NAME.$part.transfer',
      `${base}out/NAME.$part.${isNew ? 'transfer' : 'conf'}`,
    )
    .replaceAll('NAME', 'alpha');
  const policy = blockWith(page, isNew ? '[SysExt]' : '[Service]');
  const policyFile = isNew ? 'sysext.conf' : 'system/systemd-sysext.service.d/policy.conf';
  return `
systemctl --version
# What bakery boot has merged is the image beside.
systemd-sysext unmerge
mv /run/extensions/beta.raw /root/
mkdir -p /etc/extensions /etc/verity.d /etc/sysupdate.alpha.d
curl -fsSL -o /etc/sysupdate.alpha.d/alpha.conf ${base}out/alpha.conf
${fetching}
cd /root
find /etc/extensions -name 'alpha*' -printf 'link %f %l\n' | sort
curl -fsSLo verity.crt ${base}verity.crt
cp verity.crt /etc/verity.d/alpha.crt

echo '== strict'
mkdir -p /etc/systemd/${dirname(policyFile)}
cat > /etc/systemd/${policyFile} << 'END'
${policy}END
systemctl daemon-reload
systemctl restart systemd-sysext.service
alpha
echo '== beside'
cp -d beta.raw /run/extensions/
{ systemctl restart systemd-sysext.service || alpha || beta; } 2> /dev/null || echo nothing
rm /run/extensions/beta.raw /etc/systemd/${policyFile}

echo '== tampered'
image=/opt/extensions/alpha/alpha-1.0.0-x86-64
cp $image.raw as-it-was
# In the middle of a file; blocks at the beginning are read by the merge itself.
printf X | dd of=$image.raw bs=1 seek=100000 conv=notrunc status=none
systemd-sysext merge > /dev/null 2>&1 && echo merged
cat /usr/share/alpha/ballast 2>&1 > /dev/null
echo "read $?"
systemd-sysext unmerge > /dev/null 2>&1
cp as-it-was $image.raw

echo '== table'
mkdir parts
for kind in verity roothash roothash.p7s; do cp /etc/extensions/alpha.$kind parts/$kind; done
curl -fsSLo parts/other ${base}other/alpha/alpha-1.0.0-x86-64.p7s
# Beside the image and beside its link, whichever a systemd looks at.
put() {
  cp "parts/$2" "$image.$1"
  ln -sfn "$image.$1" "/etc/extensions/alpha.$1"
}
verdicts() {
  local policy all=
  for policy in ${policies.map((one) => `'${one}'`).join(' ')}; do
    if systemd-sysext merge $policy && alpha; then all="$all M"; else all="$all R"; fi
    systemd-sysext unmerge
  done > /dev/null 2>&1
  echo "certificates $1, image $2:$all"
}
for certificates in 0 1; do
  rm -f /etc/verity.d/* $image.[!r]* $image.roothash* /etc/extensions/alpha.[!r]* /etc/extensions/alpha.roothash*
  [ $certificates = 0 ] || cp verity.crt /etc/verity.d/alpha.crt
  verdicts $certificates 0
  put verity verity
  put roothash roothash
  verdicts $certificates 1
  put roothash.p7s roothash.p7s
  verdicts $certificates 2
  put roothash.p7s other
  verdicts $certificates 3
done
`;
}
