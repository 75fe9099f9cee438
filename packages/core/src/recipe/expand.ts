import { join } from 'node:path';
import type { z } from 'zod';
import { withPath, type KeyPath } from '../diagnostics/key-path.ts';
import { type Place, showPlace } from '../diagnostics/place.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { bytesOf } from '../image/image-size.ts';
import { baseName } from '../language/address.ts';
import { fillIn, Template } from '../language/slots.ts';
import type { Values } from '../language/template.ts';
import { upstreamVersion } from '../names/revision.ts';
import type { Target, Unpacking } from '../stage/staging.ts';
import { reducedStep } from '../steps/build-step.ts';
import { holds, type Condition, type Facts } from '../versions/condition.ts';
import { Artifact, type Unpack } from './artifact.ts';
import { combinations } from './combinations.ts';
import type { Download, HostTest, ImagePlan, Smoke } from './image-plan.ts';
import type { LoadedRecipe } from './loaded.ts';
import { anyOs, Os } from './os.ts';
import { commonValues } from './placeholders.ts';
import { entrySchemas, type Recipe } from './schema.ts';
import { defaultSeconds, TestStep } from './test-step.ts';

/**
 * Applies a recipe to one version (for a revision, that of upstream), arch and resolved set of options. Pure. UserError when the version or a
 * value cannot be used, naming the place in the recipe.
 */
export function expandRecipe(loaded: LoadedRecipe, given: Facts): ImagePlan {
  const { recipe, folder } = loaded;
  const facts = { ...given, version: upstreamVersion(given.version) };
  const archToken = recipe.arch[facts.arch];
  if (archToken === undefined) {
    const built = Object.keys(recipe.arch).join(', ');
    throw new UserError(
      'recipe.no-arch',
      `${recipe.name}: expected an architecture it is built for (${built}), got ${facts.arch}`,
    );
  }
  const values = commonValues({ ...facts, name: loaded.own ?? recipe.name, archToken });
  const entries = <Entry>(list: keyof EntrySchemas, schema: z.ZodType<Entry>): Entry[] =>
    holding(loaded, list, facts).map(({ path, written }) =>
      located(loaded, path, () => fillIn(schema, written, values)),
    );
  return {
    name: recipe.name,
    version: facts.version,
    arch: facts.arch,
    options: facts.options,
    downloads: holding(loaded, 'artifacts', facts)
      .filter(({ entry }) => isWanted(entry, facts))
      .flatMap(({ entry, path, written }) =>
        combinations(entry.each ?? {}).map((chosen) =>
          located(loaded, path, () => ({
            place: loaded.locate(path),
            ...download(entry, written, { ...values, ...chosen }, facts),
          })),
        ),
      ),
    trees: (recipe.files ?? []).filter((tree) => holds(tree, facts)).map(({ from }) => join(folder, from)),
    builds: entries('build', entrySchemas.build).map((step) => reducedStep(step, facts)),
    folders: entries('folders', entrySchemas.folders).map(({ path, mode }) => ({ path, mode: octal(mode) })),
    texts: entries('text', entrySchemas.text).map(({ path, content, mode }) => ({
      path,
      content,
      mode: octal(mode),
    })),
    edits: entries('edit', entrySchemas.edit).map((edit) => ({
      path: edit.path,
      replace: edit.replace,
      with: edit.with,
    })),
    links: entries('links', entrySchemas.links).map(({ path, to, optional }) => ({ path, to, optional })),
    os:
      recipe.os === undefined
        ? anyOs
        : located(loaded, ['os'], () => fillIn(Os, Object(loaded.data).os, values)),
    requires: entries('require', entrySchemas.require).map(({ path }) => path),
    smoke: holding(loaded, 'smoke', facts).map(({ entry, path }) =>
      located(loaded, path, () => ({ place: loaded.locate(path), ...smoke(entry, values) })),
    ),
    tests: holding(loaded, 'test', facts).map(({ path, written }) =>
      located(loaded, path, () => hostTest(written, loaded.locate(path), values)),
    ),
  };
}

type EntrySchemas = typeof entrySchemas;

interface Holding<Entry> {
  readonly entry: Entry;
  readonly path: KeyPath;
  readonly written: unknown;
}

/** The entries of a list whose conditions hold, with what the author wrote. */
function holding<List extends 'artifacts' | 'smoke' | 'test' | keyof EntrySchemas>(
  { recipe, data }: LoadedRecipe,
  list: List,
  facts: Facts,
): Holding<LoadedRecipe['recipe'][List][number]>[] {
  const written: readonly unknown[] = Object(data)[list] ?? [];
  const entries: readonly (Condition & LoadedRecipe['recipe'][List][number])[] = recipe[list];
  return entries.flatMap((entry, index) =>
    holds(entry, facts) ? [{ entry, path: [list, index], written: written[index] }] : [],
  );
}

/** Runs `work`; a UserError of it gets the place in front. */
function located<T>(loaded: LoadedRecipe, path: KeyPath, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const place = showPlace(loaded.locate(path));
    throw new UserError(error.code, `${place} ${withPath(path, error.message)}`, { cause: error });
  }
}

/** An archive none of whose members counts is not fetched. */
function isWanted({ unpack }: Artifact, facts: Facts): boolean {
  return unpack?.files === undefined || Object.values(unpack.files).some((to) => holds(to, facts));
}

function download(entry: Artifact, written: unknown, common: Values, facts: Facts): Omit<Download, 'place'> {
  const { arch } = facts;
  const token = entry.arch?.[arch];
  const values = token === undefined ? common : { ...common, arch: token };
  const url = fillIn(Artifact.shape.url, entry.url, values);
  const filled = fillIn(Artifact, written, { ...values, url, base: baseName(url) });
  const { name, integrity, signature, place, unpack } = filled;
  if (integrity.kind === 'literal' && integrity.hashes[arch] === undefined) {
    throw new UserError('fetch.no-hash', `integrity.literal: expected a hash for ${arch}, got none`);
  }
  return {
    ...(name === undefined ? {} : { name }),
    url,
    integrity,
    ...(signature === undefined ? {} : { signature }),
    ...(place === undefined ? {} : { file: target(place) }),
    ...(unpack === undefined ? {} : { unpack: unpacking(unpack, url, facts) }),
  };
}

function smoke({ run, prints, matches }: Recipe['smoke'][number], values: Values): Omit<Smoke, 'place'> {
  return {
    argv: argumentsOf(run, values),
    ...(prints === undefined ? {} : { prints: fillIn(Template, prints, values) }),
    ...(matches === undefined ? {} : { matches }),
  };
}

/** Split before it is filled in, so that a value stays one argument. */
function argumentsOf(run: string, values: Values): string[] {
  return run
    .trim()
    .split(/\s+/)
    .map((word) => fillIn(Template, word, values));
}

function hostTest(written: unknown, place: Place, values: Values): HostTest {
  const asWritten = TestStep.parse(written);
  const step = fillIn(TestStep, written, values);
  const { config, content = '', mode = '0644', unit, state = 'active', port, file, prints, matches } = step;
  const common = { place, within: step.within ?? defaultSeconds };
  if (config !== undefined) return { ...common, kind: 'config', path: config, content, mode };
  if (unit !== undefined) return { ...common, kind: 'unit', unit, state };
  if (port !== undefined) return { ...common, kind: 'port', port };
  if (file !== undefined) return { ...common, kind: 'file', path: file };
  return {
    ...common,
    kind: 'run',
    argv: argumentsOf(asWritten.run ?? '', values),
    ...(prints === undefined ? {} : { prints }),
    ...(matches === undefined ? {} : { matches }),
  };
}

function unpacking(unpack: Unpack, url: string, facts: Facts): Unpacking {
  const format = unpack.format ?? (url.startsWith('npm:') ? 'tar.gz' : undefined);
  const { top, into, files } = unpack;
  return {
    ...(format === undefined ? {} : { format }),
    strip: unpack.strip ?? 0,
    ...(top === undefined ? {} : { top }),
    ...(into === undefined ? {} : { into }),
    ...(files === undefined
      ? {}
      : {
          files: Object.entries(files)
            .filter(([, to]) => holds(to, facts))
            .map(([member, to]) => ({ member, target: target(to) })),
        }),
    exclude: unpack.exclude ?? [],
    limit: bytesOf(unpack.limit),
  };
}

function target({ to, mode }: { readonly to: string; readonly mode?: string | undefined }): Target {
  return mode === undefined ? { to } : { to, mode: octal(mode) };
}

function octal(mode: string): number {
  return Number.parseInt(mode, 8);
}
