import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyProvenance } from '@bakery/core/src/provenance/verify-provenance.ts';
import { parseManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type SigstoreAuthority, sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';
import { runStep, type StepResult } from '../testing/run-entry.ts';

const quick = { compression: 'gzip', level: '1' };

let world: ExampleBakery;

function step(entry: string, inputs: Record<string, string> = {}): Promise<StepResult> {
  return runStep({ entry, cwd: world.folder, env: world.env, inputs: { store: 'dir:store', ...inputs } });
}

function publishedBeta(): string {
  return join(world.folder, 'store/beta-v2.0.0');
}

describe('publish-release with an attestation', () => {
  const inputs = { recipe: 'beta', version: 'v2.0.0', folder: 'attested' };
  const image = 'beta-v2.0.0-x86-64.raw';
  const subjects = () => step('publish-release', { ...inputs, subjects: 'subjects' });
  let authority: SigstoreAuthority;
  beforeAll(async () => {
    world = await exampleBakery();
    await world.putOut('beta', 'v2.0.0');
    authority = await sigstoreAuthority();
    for (const arch of ['x86-64', 'arm64']) {
      await step('build-sysext', { ...quick, recipe: 'beta', version: 'latest', folder: 'attested', arch });
    }
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('says without one why there is none', async () => {
    expect((await subjects()).outputs['attest']).toBe('no');
    const { summary } = await step('publish-release', inputs);
    expect(summary).toContain('the job has no permission id-token');
    await rm(publishedBeta(), { recursive: true });
  });

  it('wants one where bakery.yaml says so, and one of the very files', async () => {
    await world.write('bakery.yaml', 'recipes: [recipes]\nattest: required\n');
    const unattested = await step('publish-release', inputs);
    expect(unattested).toMatchObject({
      code: 1,
      log: expect.stringContaining('expected an attestation to publish'),
    });
    await world.write('bundle', JSON.stringify(await bundleOf(`${'0'.repeat(64)}  ${image}\n`)));
    const other = await step('publish-release', { ...inputs, attestation: 'bundle' });
    expect(other).toMatchObject({
      code: 1,
      log: expect.stringContaining(`expected an attestation of ${image}`),
    });
    expect(await readdir(join(world.folder, 'store'))).not.toContain('beta-v2.0.0');
  });

  it('publishes it beside the images, where anybody can check it', async () => {
    expect((await subjects()).outputs['attest']).toBe('yes');
    const sums = await readFile(join(world.folder, 'subjects'), 'utf8');
    expect(parseManifest(sums).map(({ name }) => name)).toEqual([
      'beta-v2.0.0-arm64.raw',
      image,
      'beta-v2.0.0.cdx.json',
      'beta-v2.0.0.inputs.json',
    ]);
    await world.write('bundle', JSON.stringify(await bundleOf(sums)));
    const done = await step('publish-release', { ...inputs, attestation: 'bundle' });
    expect(done.outputs['result']).toBe('published');
    expect(done.summary).toContain('Attested');
    const trustedRoot = Promise.resolve(authority.root);
    const proven = await verifyProvenance(
      join(publishedBeta(), image),
      { repository: 'baker/bakery' },
      { trustedRoot: () => trustedRoot },
    );
    expect(proven.identity).toBe(workflow);
    expect((await subjects()).outputs['attest']).toBe('no'); // published already
  });

  const workflow = 'https://github.com/baker/bakery/.github/workflows/bake.yaml@refs/heads/main';

  function bundleOf(sums: string): Promise<object> {
    const subject = parseManifest(sums).map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {},
    };
    return authority.attest(statement, {
      identity: workflow,
      issuer: 'https://token.actions.githubusercontent.com',
      repository: 'https://github.com/baker/bakery',
    });
  }
});
