// Stands for actions/attest, told the same inputs: a bundle by a Sigstore of our own, with a statement about the files of
// `subject-checksums`, as the real one leaves it. The real one asks GitHub and Sigstore.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';

const { env } = process;
const subjects = parseManifest(await readFile(env['INPUT_SUBJECT-CHECKSUMS'] ?? '', 'utf8'));
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {},
};
const authority = await sigstoreAuthority();
const bundle = await authority.attest(statement, {
  identity: `https://github.com/${env['GITHUB_REPOSITORY']}/.github/workflows/bake.yaml@refs/heads/main`,
  issuer: 'https://token.actions.githubusercontent.com',
});
const file = join(env['RUNNER_TEMP'] ?? '', 'attestation.json');
await writeFile(file, `${JSON.stringify(bundle)}\n`);
await appendFile(env['GITHUB_OUTPUT'] ?? '', `bundle-path=${file}\n`);
