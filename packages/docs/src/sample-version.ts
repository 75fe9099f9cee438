import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '@bakery/core/diagnostics.ts';
import type { ReleaseEntry } from '@bakery/core/release.ts';
import { compareVersions } from '@bakery/core/systemd.ts';

export const exampleFile = 'packages/docs/data/example-versions.yaml';

export type Examples = Readonly<Record<string, string>>;

export async function readExamples(root: string): Promise<Examples> {
  return z
    .record(z.string(), z.coerce.string())
    .parse(parse(await readFile(join(root, exampleFile), 'utf8')));
}

/** What examples of an extension name: its newest pin in the release list, else the version of `examples`. */
export function sampleVersion(name: string, list: readonly ReleaseEntry[], examples: Examples): string {
  const pins = list.filter((entry) => entry.name === name && entry.version !== 'latest');
  const [newest] = pins.map(({ version }) => version).toSorted((a, b) => compareVersions(b, a));
  const version = newest ?? examples[name];
  if (version !== undefined) return version;
  throw new UserError(
    'version.unknown',
    `${exampleFile}: expected a version of ${name} that was released, found none`,
  );
}
