import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Asset } from '@bakery/testbed/upstream-mirror/expand-downloads.ts';
import {
  type CosignFault,
  cosignFaults,
  type SignatureFault,
  signatureFaults,
} from '@bakery/testbed/upstream-mirror/fault.ts';
import {
  startUpstreamMirror,
  type UpstreamMirror,
} from '@bakery/testbed/upstream-mirror/start-upstream-mirror.ts';
import { bakeryRuns, type BakeryRuns, type Ran } from './bakery-run.ts';

const recipes = join(import.meta.dirname, '../../../../recipes');

// The version is the first of upstreams/NAME.yaml.
describe.each([
  ['consul', '1.22.1'],
  ['containerd', '2.3.3'],
  ['falco', '0.43.1'],
  ['nomad', '1.11.0'],
  ['vault', '1.21.0'],
])('recipe %s', (name, version) => {
  const stack = new AsyncDisposableStack();
  let runs: BakeryRuns;
  let mirror: UpstreamMirror;
  beforeAll(async () => {
    runs = stack.use(await bakeryRuns(recipes));
    mirror = stack.use(await startUpstreamMirror([name]));
  });
  afterAll(() => stack.disposeAsync());

  const create = (): Promise<Ran> =>
    runs.run(['create', name, version, '--arch', 'x86-64', '--compression', 'gzip'], mirror);

  it('records who signed', async () => {
    const { code, folder } = await create();
    expect(code).toBe(0);
    const record = Recorded.parse(JSON.parse(await readFile(join(folder, `${name}.inputs.json`), 'utf8')));
    const [by] = mirror.standIns.values();
    expect(record.artifacts).toContainEqual({ signature: { by } });
  });

  it.each(signatureFaults)('stops at a signature with a fault: %s', async (fault) => {
    for (const { url } of mirror.assets.filter(isSigned)) mirror.spoil(url, fault);
    try {
      const { code, err } = await create();
      expect({ code, bug: err.includes('bug') }).toEqual({ code: 1, bug: false });
      expect(err).toMatch(complaint[fault]);
      expect(err).toContain(`recipes/${name}/recipe.yaml:`);
    } finally {
      mirror.heal();
    }
  });
});

describe('recipe kubernetes', () => {
  const stack = new AsyncDisposableStack();
  let runs: BakeryRuns;
  let mirror: UpstreamMirror;
  beforeAll(async () => {
    runs = stack.use(await bakeryRuns(recipes));
    mirror = stack.use(await startUpstreamMirror(['kubernetes']));
  });
  afterAll(() => stack.disposeAsync());

  const create = (version: string, ...options: readonly string[]): Promise<Ran> =>
    runs.run(
      ['create', 'kubernetes', version, '--arch', 'arm64', '--compression', 'gzip', ...options],
      mirror,
    );

  it('records who signed each program', async () => {
    const { code, err, folder } = await create('v1.35.3');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const record = Recorded.parse(JSON.parse(await readFile(join(folder, 'kubernetes.inputs.json'), 'utf8')));
    const by = 'krel-staging@k8s-releng-prod.iam.gserviceaccount.com';
    const signature = { by, issuer: 'https://accounts.google.com' };
    expect(record.artifacts).toEqual([{ signature }, { signature }, { signature }, {}]);
  });

  it.each(cosignFaults)('stops at a signature %s', async (fault) => {
    const kubeadm = 'https://dl.k8s.io/v1.35.3/bin/linux/arm64/kubeadm';
    mirror.spoil(kubeadm, fault);
    try {
      const { code, err } = await create('v1.35.3');
      expect({ code, bug: err.includes('bug') }).toEqual({ code: 1, bug: false });
      expect(err).toMatch(cosignComplaint[fault]);
      expect(err).toMatch(
        /recipes\/kubernetes\/recipe\.yaml:\d+:\d+ https:\/\/dl\.k8s\.io\/v1\.35\.3\/bin\/linux\/arm64\/kubeadm: /,
      );
    } finally {
      mirror.heal();
    }
  });
});

const Recorded = z.object({
  artifacts: z.array(
    z.object({ signature: z.object({ by: z.string(), issuer: z.string().optional() }).optional() }),
  ),
});

function isSigned({ signature, sums }: Asset): boolean {
  return signature !== undefined || sums.some((one) => one.signature ?? one.form === 'clear-signed');
}

const complaint: Readonly<Record<SignatureFault, RegExp>> = {
  tampered: /does not fit the bytes|expected sha256:/,
  'wrong signature': /expected a signature by [0-9A-F]{40} .*that does not fit the bytes/,
  'foreign signature': /expected a signature by [0-9A-F]{40} .*which is not in the key file/,
  'no signature': /expected its OpenPGP signature at .*, got no such file|got no signature/,
  'foreign keys': /expected the key [0-9A-F]{40}.*, got [0-9A-F]{40}/,
};

const cosignComplaint: Readonly<Record<CosignFault, RegExp>> = {
  'of other bytes': /expected the log at .* to know its signature, got no entry/,
  'by another identity': /expected a signature by krel-staging@.*, got one by somebody@example\.org/,
  'by another issuer': /got one by krel-staging@\S+ \(https:\/\/accounts\.example\.org\)/,
  'with another certificate': /expected the log at .* to know its signature, got no entry/,
  'no signature': /expected its signature at .*kubeadm\.sig, got no such file/,
  'no certificate': /expected its certificate at .*kubeadm\.cert, got no such file/,
  'unknown to the log': /expected the log at .* to know its signature, got no entry/,
  'of another Sigstore': /expected a Sigstore signature that holds at .*kubeadm\.sig, got: /,
};
