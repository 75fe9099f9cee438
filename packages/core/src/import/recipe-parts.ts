import { type Proof, proofOf } from './find-proofs.ts';
import type { FoundSignature } from './find-signatures.ts';
import type { JoinedPart } from './join-arches.ts';
import type { Pair } from './spell-arch.ts';

type Entry = Readonly<Record<string, unknown>>;

/** The sections of a recipe that say what is in the image. */
export interface RecipeParts {
  readonly arch: Entry;
  readonly artifacts: readonly Entry[];
  readonly text: readonly Entry[];
  readonly links: readonly Entry[];
  readonly folders: readonly Entry[];
  readonly left: readonly string[];
}

/** `fetched`: addresses of what is not in the image. `signatures`: what the script checks. */
export function recipeParts(
  joined: readonly JoinedPart[],
  fetched: readonly string[],
  signatures: readonly FoundSignature[],
): RecipeParts {
  const arch = commonest(joined.flatMap((one) => (one.arch === undefined ? [] : [one.arch])));
  const proofs = new Map(
    joined.flatMap(({ part }) => ('url' in part ? [[part.url, proofOf(part.url, fetched)] as const] : [])),
  );
  const archesOf = (one: JoinedPart): Entry => ({
    ...(one.only === undefined ? {} : { arches: [one.only] }),
    ...(one.arch === undefined || one.arch.join('/') === arch.join('/') ? {} : { arch: namesOf(one.arch) }),
  });
  const head = (one: JoinedPart, url: string): Entry => ({
    ...archesOf(one),
    url,
    ...provenBy(url, proofs.get(url)?.integrity, signatures),
  });
  const members = Map.groupBy(
    joined.filter(({ part }) => part.kind === 'member'),
    (one) =>
      one.part.kind === 'member' ? JSON.stringify([archesOf(one), one.part.url, one.part.strip]) : '',
  );
  const artifacts = joined.flatMap((one): Entry[] => {
    const { part } = one;
    if (part.kind === 'place') {
      const mode = octal(part.mode === 0o751 ? 0o755 : part.mode);
      return [{ ...head(one, part.url), place: mode === '0755' ? part.to : { to: part.to, mode } }];
    }
    if (part.kind !== 'whole') return [];
    // Into the root of the image: what an image may hold of it is below usr.
    const [top, into] =
      part.to === '' ? [part.top === '' ? 'usr' : `${part.top}/usr`, '/usr'] : [part.top, part.to];
    const where = { ...stripOf(part.strip), ...(top === '' ? {} : { top }), into };
    return [{ ...head(one, part.url), unpack: where }];
  });
  const selected = [...members.values()].flatMap((group): Entry[] => {
    const [first] = group;
    if (first?.part.kind !== 'member') return [];
    const files = Object.fromEntries(
      group.flatMap(({ part }) => (part.kind === 'member' ? [targetOf(part)] : [])),
    );
    return [{ ...head(first, first.part.url), unpack: { ...stripOf(first.part.strip), files } }];
  });
  return {
    arch: namesOf(arch),
    artifacts: [...artifacts, ...selected],
    text: joined.flatMap((one) =>
      one.part.kind === 'text'
        ? [{ ...onlyOf(one), path: one.part.to, content: one.part.content, ...modeOf(one.part.mode, '0644') }]
        : [],
    ),
    links: joined.flatMap((one) =>
      one.part.kind === 'link' ? [{ ...onlyOf(one), path: one.part.to, to: one.part.target }] : [],
    ),
    folders: joined.flatMap((one) =>
      one.part.kind === 'folder' ? [{ ...onlyOf(one), path: one.part.to }] : [],
    ),
    left: [
      ...[...proofs].flatMap(([url, { integrity, left }]) =>
        left === undefined || isSigned(url, integrity, signatures) ? [] : [left],
      ),
      ...joined.flatMap(({ part }) =>
        part.kind === 'whole' && part.to === ''
          ? [
              `${part.url}: all of it goes into the root; only its usr is taken, so say it again for its opt if it has one`,
            ]
          : [],
      ),
      ...joined.flatMap(({ part }) =>
        part.kind === 'unknown' ? [`${part.to}: where it comes from could not be read`] : [],
      ),
    ],
  };
}

/** Its integrity, with the signature of it, or of the file of sums that the integrity names. */
function provenBy(
  url: string,
  integrity: Proof['integrity'] | undefined,
  signatures: readonly FoundSignature[],
): Entry {
  const short = (address: string): string =>
    address.startsWith(url) ? `{url}${address.slice(url.length)}` : address;
  const sums = Object.values(typeof integrity === 'object' ? integrity : {});
  const found =
    signatures.find(({ file }) => file === url) ??
    signatures.find(({ file, entry }) => sums.includes(short(file)) && !('attestation' in entry));
  if (found === undefined) return { integrity };
  const { file, entry } = found;
  const said = Object.fromEntries(Object.entries(entry).map(([key, text]) => [key, short(text)]));
  return {
    integrity: isSigned(url, integrity, signatures) ? 'signature' : integrity,
    signature: { ...said, ...(file === url || 'clear-signed' in said ? {} : { signs: 'sums' }) },
  };
}

/** Whether the signature is the only proof there is, and enough. */
function isSigned(
  url: string,
  integrity: Proof['integrity'] | undefined,
  signatures: readonly FoundSignature[],
): boolean {
  return typeof integrity === 'object' && 'lock' in integrity && signatures.some(({ file }) => file === url);
}

const unset = 0o640; // a member nobody gave a mode

function targetOf(part: {
  readonly member: string;
  readonly to: string;
  readonly mode: number;
}): [string, unknown] {
  const to = part.member.endsWith('*') ? part.to.slice(0, part.to.lastIndexOf('/') + 1) : part.to;
  const mode =
    part.mode === unset || to.endsWith('/') ? undefined : octal(part.mode === 0o751 ? 0o755 : part.mode);
  return [part.member, mode === undefined ? to : { to, mode }];
}

function stripOf(strip: number): Entry {
  return strip === 0 ? {} : { strip };
}

function onlyOf({ only }: JoinedPart): Entry {
  return only === undefined ? {} : { arches: [only] };
}

function modeOf(mode: number, normal: string): Entry {
  return octal(mode) === normal ? {} : { mode: octal(mode) };
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function namesOf([x8664, arm64]: Pair): Entry {
  return { 'x86-64': x8664, arm64 };
}

const usual: Pair = ['amd64', 'arm64'];

function commonest(pairs: readonly Pair[]): Pair {
  const counted = Map.groupBy(pairs, (pair) => pair.join('/'));
  const [most] = [...counted.values()].toSorted((a, b) => b.length - a.length);
  return most?.[0] ?? usual;
}
