import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** The files of a TUF repository with one target, signed by a key of its own. */
export interface TufRepository {
  /** The root.json to believe in from the start. */
  readonly root: Buffer;
  /** Path, with a leading slash → content. */
  readonly files: Readonly<Record<string, Buffer>>;
}

const spec = { spec_version: '1.0.31', version: 1 };

/** A repository as https://theupdateframework.github.io/specification/latest/ has it; every role has the same key. */
export function tufRepository(
  target: string,
  content: string,
  expires = '2099-01-01T00:00:00Z',
): TufRepository {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const key = {
    keytype: 'ed25519',
    keyval: { public: Buffer.from(x, 'base64url').toString('hex') },
    scheme: 'ed25519',
  };
  const keyid = sha256(canonical(key));
  const role = { keyids: [keyid], threshold: 1 };
  const signed = (type: string, rest: object): Buffer => {
    const what = { _type: type, ...spec, expires, ...rest };
    const sig = sign(null, Buffer.from(canonical(what)), privateKey).toString('hex');
    return Buffer.from(JSON.stringify({ signatures: [{ keyid, sig }], signed: what }));
  };
  const hash = sha256(content);
  return {
    root: signed('root', {
      consistent_snapshot: true,
      keys: { [keyid]: key },
      roles: { root: role, timestamp: role, snapshot: role, targets: role },
    }),
    files: {
      '/timestamp.json': signed('timestamp', { meta: { 'snapshot.json': { version: 1 } } }),
      '/1.snapshot.json': signed('snapshot', { meta: { 'targets.json': { version: 1 } } }),
      '/1.targets.json': signed('targets', {
        targets: { [target]: { length: Buffer.byteLength(content), hashes: { sha256: hash } } },
      }),
      [`/targets/${hash}.${target}`]: Buffer.from(content),
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with sorted keys: what is signed, where texts hold neither quotes nor control characters. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
