import { UserError } from '../diagnostics/user-error.ts';
import { play } from './play-script.ts';
import { runSandboxed, type SandboxContext } from './sandbox.ts';
import { curling } from './stand-ins-curl.ts';
import { fetching } from './stand-ins-fetching.ts';
import { moving } from './stand-ins-moving.ts';
import { proofs } from './stand-ins-proofs.ts';
import { unpacking } from './stand-ins-unpacking.ts';
import { words } from './stand-ins-words.ts';

/** Something the script did. */
export interface ScriptEvent {
  readonly kind: string;
  /** Of create.sh, or of a file it reads; 0 when not known. */
  readonly line: number;
  readonly args: readonly string[];
}

/** Something that lies in the tree in the end. */
export interface TreeEntry {
  readonly kind: 'file' | 'folder' | 'link';
  /** Permission bits. */
  readonly mode: number;
  /** From the image's root. */
  readonly path: string;
  /** What a link holds. */
  readonly to: string;
  /** Bytes. */
  readonly size: number;
  /** Of files below 64 KiB. */
  readonly bytes: Buffer | undefined;
}

/** What one run of one function came to. */
export interface Recording {
  readonly code: number;
  readonly reload: string;
  /** EXTENSION_VERSION_MATCH_PATTERN. */
  readonly pattern: string;
  /** Versions that were listed. */
  readonly printed: string;
  /** Those of them that the pattern matches. */
  readonly wanted: string;
  /** What the script says about its options. */
  readonly help: string;
  /** The end of its stderr. */
  readonly said: string;
  readonly events: readonly ScriptEvent[];
  readonly tree: readonly TreeEntry[];
}

export type Asked =
  | { readonly mode: 'list' }
  | {
      readonly mode: 'populate';
      readonly arch: string;
      readonly version: string;
      readonly options: Readonly<Record<string, string>>;
    };

const mostEntries = 10_000; // of a tree; kata-containers has 400
const mostEvents = 5000; // of a run; those of flatcar/sysext-bakery have up to 100

const kinds: Readonly<Record<string, TreeEntry['kind']>> = { f: 'file', d: 'folder', l: 'link' };

/** Runs a function of the script of `folder` with stand-ins for all that reaches out, and reads what they wrote down. */
export async function record(
  { folder, name }: { readonly folder: string; readonly name: string },
  asked: Asked,
  ctx: SandboxContext,
): Promise<Recording> {
  const options = asked.mode === 'populate' ? Object.entries(asked.options) : [];
  const args = [
    asked.mode,
    name,
    ...(asked.mode === 'populate' ? [asked.arch, asked.version] : []),
    ...options.flatMap(([option, value]) => [`--${option}`, value]),
  ];
  const script = `${fetching}${curling}${unpacking}${moving}${words}${proofs}${play}`;
  return readRecording(await runSandboxed(script, { folder, name, args }, ctx));
}

function readRecording(text: string): Recording {
  const [head = '', log = '', list = '', contents = ''] = text.split('\u001d');
  const [code = '', reload = '', pattern = '', printed = '', wanted = '', help = '', said = ''] =
    head.split('\u001e');
  const listed = records(list);
  if (listed.length > mostEntries) {
    throw new UserError(
      'path.too-large',
      `create.sh: expected at most ${mostEntries} files and folders, got ${listed.length}`,
    );
  }
  const logged = records(log);
  if (logged.length > mostEvents) {
    throw new UserError(
      'path.too-large',
      `create.sh: expected at most ${mostEvents} calls of programs, got ${logged.length}`,
    );
  }
  const bytes = new Map(
    records(contents).map(([path = '', base64 = '']) => [path, Buffer.from(base64, 'base64')] as const),
  );
  return {
    code: Number(code),
    reload,
    pattern,
    printed,
    wanted,
    help,
    said,
    events: logged.map(([kind = '', line = '', ...args]) => ({ kind, line: Number(line), args })),
    tree: listed
      .flatMap(([letter = '', mode = '', path = '', to = '', size = '']) => {
        const kind = kinds[letter];
        const entry = {
          mode: Number.parseInt(mode, 8),
          path,
          to,
          size: Number(size),
          bytes: bytes.get(path),
        };
        return kind === undefined ? [] : [{ kind, ...entry }];
      })
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function records(text: string): string[][] {
  return text
    .split('\u001e')
    .filter((one) => one !== '')
    .map((one) => one.split('\u001f'));
}
