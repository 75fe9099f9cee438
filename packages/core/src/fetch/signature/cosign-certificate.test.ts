import { beforeAll, describe, expect, it } from '@jest/globals';
import { detachedSignature } from '@bakery/testbed/detached-signature.ts';
import { type SigstoreAuthority, sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';
import { type Bench, signatureBench } from '../../../testing/signature-bench.ts';
import { fetchArtifacts } from '../fetch-artifacts.ts';
import type { Fetched } from '../fetched.ts';
import type { Signature } from './signature.ts';

const bytes = 'the bytes of a tool';
const workflow = {
  identity: 'https://github.com/o/tool/.github/workflows/release.yml@refs/tags/v1',
  issuer: 'https://token.actions.githubusercontent.com',
};
const logPath = '/api/v1/log/entries/retrieve';

let sigstore: SigstoreAuthority;
let stranger: SigstoreAuthority;
beforeAll(async () => {
  [sigstore, stranger] = await Promise.all([sigstoreAuthority(), sigstoreAuthority()]);
});

describe('a cosign signature beside its certificate', () => {
  it('proves an artifact by who signed it, asking the log once', async () => {
    await using bench = await signatureBench();
    serveDetached(bench, await sigstore.signBlob(bytes, workflow));
    expect(await fetchDetached(bench)).toMatchObject({
      proof: { kind: 'signature' },
      signature: {
        kind: 'cosign',
        signs: 'artifact',
        by: workflow.identity,
        issuer: workflow.issuer,
        source: `${bench.server.url}/tool.sig`,
      },
    });
    const asked = bench.server.log.filter(({ path }) => path === logPath);
    expect(asked.map(({ method }) => method)).toEqual(['POST']);
  });

  it.each<[string, () => Promise<string>, object, RegExp]>([
    ['of other bytes', () => sigstore.signBlob('other', workflow), {}, /signature that holds at \S+, got: /],
    [
      'by somebody else',
      () => sigstore.signBlob(bytes, { ...workflow, identity: `${workflow.identity}0` }),
      {},
      /expected a signature by \S+refs\/tags\/v1 \(\S+\) at \S+, got one by \S+refs\/tags\/v10 /,
    ],
    [
      'vouched for by somebody else',
      () => sigstore.signBlob(bytes, { ...workflow, issuer: 'https://accounts.example.org' }),
      {},
      /got one by \S+ \(https:\/\/accounts\.example\.org\)$/,
    ],
    [
      'of a Sigstore nobody trusts',
      () => stranger.signBlob(bytes, workflow),
      {},
      /signature that holds at \S+, got: /,
    ],
    [
      'the log dates otherwise than it signed',
      () => sigstore.signBlob(bytes, workflow),
      { integratedTime: 1 },
      /signature that holds at \S+, got: /,
    ],
  ])('is refused when it is one %s', async (_title, bundle, change, complaint) => {
    await using bench = await signatureBench();
    serveDetached(bench, await bundle(), change);
    const message = expect.stringMatching(complaint);
    await expect(fetchDetached(bench)).rejects.toMatchObject({ name: 'UserError', message });
  });

  it.each([
    ['/tool.sig', undefined, /expected its signature at \S+tool\.sig, got no such file$/],
    ['/tool.sig', '<html>', /tool\.sig: expected a base64 signature, got "<html>"$/],
    ['/tool.cert', undefined, /expected its certificate at \S+tool\.cert, got no such file$/],
    ['/tool.cert', 'none', /tool\.cert: expected a certificate as PEM, or that as base64, got "none"$/],
    [logPath, '[]', /expected the log at \S+ to know its signature, got no entry$/],
    [logPath, undefined, /expected the log at \S+ to know its signature, got no entry$/],
    [logPath, '{"a": 1}', /expected entries of the log, got "\{\\"a\\": 1\}"$/],
  ])('says what is wrong when %s is %j', async (path, content, complaint) => {
    await using bench = await signatureBench();
    serveDetached(bench, await sigstore.signBlob(bytes, workflow));
    if (content === undefined) bench.server.remove(path);
    else bench.server.serve(path, content);
    const message = expect.stringMatching(complaint);
    await expect(fetchDetached(bench)).rejects.toMatchObject({ name: 'UserError', message });
  });
});

function serveDetached({ server }: Bench, bundle: string, change: object = {}): void {
  const { signature, certificate, entry } = detachedSignature(bundle);
  server.serve('/tool.sig', signature);
  server.serve('/tool.cert', certificate);
  server.serve(logPath, JSON.stringify([{ uuid: { ...entry, ...change } }]));
}

function fetchDetached({ server, ...bench }: Bench): Promise<Fetched> {
  const signature = {
    kind: 'cosign-certificate' as const,
    cosign: `${server.url}/tool.sig`,
    certificate: `${server.url}/tool.cert`,
    identity: workflow.identity,
    issuer: workflow.issuer,
    signs: 'artifact' as const,
  };
  return fetchTool({ ...bench, server, context: withLog(bench.context, server.url) }, signature);
}

function withLog(context: Bench['context'], url: string): Bench['context'] {
  const ofLog = (address: string): string => address.replace('https://rekor.sigstore.dev', url);
  const { http } = context;
  return {
    ...context,
    http: { ...http, bytes: (address, request) => http.bytes(ofLog(address), request) },
  };
}

async function fetchTool({ server, context }: Bench, signature: Signature): Promise<Fetched> {
  server.serve('/tool', bytes);
  const place = { file: 'recipes/x/recipe.yaml', line: 12, column: 5 };
  const [fetched] = await fetchArtifacts(
    [{ place, url: `${server.url}/tool`, integrity: { kind: 'signature' }, signature }],
    {
      ...context,
      trustedRoot: async () => sigstore.root,
    },
  );
  if (fetched === undefined) throw new Error('expected a file');
  return fetched;
}
