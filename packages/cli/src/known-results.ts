import { appendFile, writeFile } from 'node:fs/promises';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { inFile, readPlain } from '@bakery/core/lifetime.ts';
import {
  type MadeWith,
  type Otherwise,
  ownVersion,
  readMadeWith,
  readOtherwise,
  showVersion,
} from '@bakery/core/release.ts';
import type { Io } from './io.ts';

/** Results of an earlier run that stopped, and where those to come are kept. */
export interface KnownResults {
  readonly known: ReturnType<typeof readOtherwise>;
  add(result: Otherwise): Promise<void>;
}

const maxBytes = 16 * 1024 * 1024;
const kinds = ['store', 'bakery', 'images'] as const;

/** Made at once, so that nobody waits for a file that cannot be written; a UserError where another run’s results are in it. */
export async function openKnownResults(file: string, bakery: Bakery, io: Io): Promise<KnownResults> {
  await inFile(file, writeFile(file, '', { flag: 'a' }));
  const text = (await readPlain(file, { maxBytes }))?.toString('utf8') ?? '';
  const here = await madeWith(bakery, io);
  const add = (line: Otherwise | MadeWith): Promise<void> =>
    inFile(file, appendFile(file, `${JSON.stringify(line)}\n`));
  if (text === '') await add(here);
  else requireSame(file, readMadeWith(text), here);
  return { known: readOtherwise(text), add };
}

async function madeWith({ store, create }: Bakery, io: Io): Promise<MadeWith> {
  return {
    store: store.name,
    bakery: showVersion(await ownVersion(io)),
    images: create.builds.images.map(({ from, to }) => `${from}=${to}`).join(','),
  };
}

function requireSame(file: string, there: MadeWith | undefined, here: MadeWith): void {
  const kind = kinds.find((one) => there?.[one] !== here[one]);
  if (kind === undefined) return;
  const found = there === undefined ? 'none that say what they were made with' : show(kind, there);
  throw new UserError('input.invalid', `${file}: expected results with ${show(kind, here)}, found ${found}`, {
    hint: 'name another file, or delete this one to build all images again',
  });
}

const words = { store: 'the store', bakery: 'the bakery', images: 'the container images' } as const;

function show(kind: (typeof kinds)[number], made: MadeWith): string {
  return `${words[kind]} ${made[kind] === '' ? 'as recipes name them' : `"${made[kind]}"`}`;
}
