import { z } from 'zod';
import type { ListNames } from '../../github/list-names.ts';
import type { Arch } from '../../names/arch.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Program } from '../../tools/known-tools.ts';
import { Latest } from '../latest.ts';
import { VersionRange } from '../range.ts';
import { Regex } from '../regex.ts';

/** One version as upstream names it, before filters. */
export interface Listed {
  readonly text: string;
  readonly prerelease: boolean;
  /** Milliseconds since 1970, where the source tells. */
  readonly publishedAt?: number;
  /** Where it exists; absent means the source cannot tell, so everywhere. */
  readonly arches?: ReadonlySet<Arch>;
}

/** What a source needs beside its own keys. */
export interface ListContext {
  readonly ports: Ports;
  /** What `{arch}` stands for; a source that holds `{arch}` is asked for these only. */
  readonly archTokens: Readonly<Partial<Record<Arch, string | undefined>>>;
  /** Registry for npm instead of the configured one. */
  readonly npmRegistry?: string;
  /** Sees to it that programs a source runs are installed. */
  readonly requireTools?: (programs: readonly Program[]) => Promise<void>;
  /** Base of GitHub’s API, `https://api.github.com` by default. No slash at the end. */
  readonly githubApi?: string;
  /** Lists projects on GitHub together; one by one by REST when left out. */
  readonly githubNames?: ListNames | undefined;
}

/** What every kind of source accepts beside its own keys. */
export const commonShape = {
  match: Regex.optional().describe(
    'Regular expression a version must match; a capture group, if any, is the version to publish.',
  ),
  exclude: Regex.optional().describe('Regular expression of names to ignore.'),
  strip: z.string().min(1).optional().describe('Prefix to drop from the published version, usually "v".'),
  range: VersionRange.optional().describe('Versions to consider, e.g. ">=3.0" or ">=20 <30".'),
  prereleases: z.boolean().default(false).describe('Whether release candidates and the like count.'),
  form: Regex.optional().describe('The form of a whole published version, if not digits and dots.'),
  latest: Latest.default({ newest: 1 }).describe('Which versions "latest" stands for.'),
};
