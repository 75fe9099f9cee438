import { join } from 'node:path';
import type { z } from 'zod';
import { showProblem, type KeyPath } from '../diagnostics/problem.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { Integrity } from '../fetch/integrity/integrity.ts';
import { isAddress } from '../fetch/signature/openpgp-keys.ts';
import type { Signature } from '../fetch/signature/signature.ts';
import { baseName, renderAddress } from '../language/address.ts';
import { ImageFile, ImageFolder, ImagePath, MemberGlob, MemberTarget } from '../language/image-paths.ts';
import { render, type Values } from '../language/template.ts';
import type { Arch } from '../names/arch.ts';
import type { Target, Unpacking } from '../stage/staging.ts';
import { holds, type Condition, type Facts } from '../versions/condition.ts';
import type { Artifact, Unpack } from './artifact.ts';
import { combinations } from './combinations.ts';
import { expandBuild } from './expand-build.ts';
import type { LoadedRecipe } from './loaded.ts';
import { commonValues } from './placeholders.ts';
import type { Download, Work } from './work.ts';

const defaultLimit = '4G';

/**
 * Applies a recipe to one version, arch and resolved set of options. Pure. UserError when the version or a
 * value cannot be used, naming the place in the recipe.
 */
export function expandRecipe(loaded: LoadedRecipe, facts: Facts): Work {
  const { recipe, folder } = loaded;
  const archToken = recipe.arch[facts.arch];
  if (archToken === undefined) {
    const built = Object.keys(recipe.arch).join(', ');
    throw new UserError(
      `${recipe.name}: expected an architecture it is built for (${built}), got ${facts.arch}`,
    );
  }
  const values = commonValues({ ...facts, name: recipe.name, archToken });
  const at = <T>(path: KeyPath, work: () => T): T => located(loaded, path, work);
  const entries = <E extends Condition, T>(
    list: string,
    from: readonly E[],
    expand: (entry: E, path: KeyPath) => T,
  ): T[] =>
    from.flatMap((entry, index) => {
      const path = [list, index];
      return holds(entry, facts) ? [at(path, () => expand(entry, path))] : [];
    });
  const required = recipe.require.map((entry) => (typeof entry === 'string' ? { path: entry } : entry));
  return {
    name: recipe.name,
    version: facts.version,
    arch: facts.arch,
    options: facts.options,
    downloads: entries('artifacts', recipe.artifacts, (artifact, path) =>
      combinations(artifact.each ?? {}).map((chosen) =>
        download(artifact, { ...values, ...chosen }, facts.arch, { loaded, path }),
      ),
    ).flat(),
    trees: entries('files', recipe.files ?? [], (tree) => join(folder, tree.from)),
    builds: entries('build', recipe.build, (step) => expandBuild(step, { folder, facts, values })),
    folders: entries('folders', recipe.folders, (entry) => ({
      path: checked(ImageFolder, entry.path, values),
      mode: octal(entry.mode),
    })),
    texts: entries('text', recipe.text, (entry) => ({
      path: checked(ImageFile, entry.path, values),
      content: render(entry.content, values),
      mode: octal(entry.mode),
    })),
    edits: entries('edit', recipe.edit, (entry) => ({
      path: checked(ImageFile, entry.path, values),
      replace: entry.replace,
      with: render(entry.with, values),
    })),
    links: entries('links', recipe.links, (entry) => ({
      path: checked(ImageFile, entry.path, values),
      to: linkTarget(render(entry.to, values)),
      optional: entry.optional,
    })),
    requires: entries('require', required, (entry) => checked(ImagePath, entry.path, values)),
    smoke: entries('smoke', recipe.smoke, (entry) => ({
      argv: entry.run
        .trim()
        .split(/\s+/)
        .map((word) => render(word, values)),
      ...(entry.prints === undefined ? {} : { prints: render(entry.prints, values) }),
      ...(entry.matches === undefined ? {} : { matches: entry.matches }),
    })),
  };
}

/** Runs `work`; a UserError of it gets the place in front. */
function located<T>(loaded: LoadedRecipe, path: KeyPath, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(showProblem(loaded.locate(path), { path, text: error.message }), { cause: error });
  }
}

function download(
  artifact: Artifact,
  common: Values,
  arch: Arch,
  where: { readonly loaded: LoadedRecipe; readonly path: KeyPath },
): Download {
  const token = artifact.arch?.[arch];
  const values = token === undefined ? common : { ...common, arch: token };
  const url = renderAddress(artifact.url, values);
  const proof = { ...values, url, base: baseName(url) };
  const { folder } = where.loaded;
  return {
    place: where.loaded.locate(where.path),
    ...(artifact.name === undefined ? {} : { name: artifact.name }),
    url,
    integrity: integrity(artifact.integrity, proof, arch),
    ...(artifact.signature === undefined ? {} : { signature: signature(artifact.signature, proof, folder) }),
    ...(artifact.place === undefined ? {} : { file: target(ImageFile, artifact.place, values) }),
    ...(artifact.unpack === undefined ? {} : { unpack: unpacking(artifact.unpack, values, url) }),
  };
}

function integrity(wanted: Integrity, values: Values, arch: Arch): Integrity {
  if (typeof wanted === 'string') return wanted;
  if ('from' in wanted) return { from: renderAddress(wanted.from, values) };
  if ('sums' in wanted) {
    const name = wanted.name === undefined ? {} : { name: render(wanted.name, values) };
    return { sums: renderAddress(wanted.sums, values), ...name };
  }
  if (!('literal' in wanted)) return wanted;
  const literal = wanted.literal[arch];
  if (literal === undefined) throw new UserError(`integrity.literal: expected a hash for ${arch}, got none`);
  return literal;
}

function signature(wanted: Signature, values: Values, folder: string): Signature {
  if ('attestation' in wanted) return wanted;
  if ('cosign' in wanted) {
    const cosign = renderAddress(wanted.cosign, values);
    if ('key' in wanted) return { ...wanted, cosign, key: join(folder, wanted.key) };
    return { ...wanted, cosign, identity: render(wanted.identity, values) };
  }
  const keys = isAddress(wanted.keys) ? renderAddress(wanted.keys, values) : join(folder, wanted.keys);
  if ('clear-signed' in wanted) return { ...wanted, keys };
  return { ...wanted, openpgp: renderAddress(wanted.openpgp, values), keys };
}

function unpacking(unpack: Unpack, values: Values, url: string): Unpacking {
  const format = unpack.format ?? (url.startsWith('npm:') ? 'tar.gz' : undefined);
  return {
    ...(format === undefined ? {} : { format }),
    strip: unpack.strip ?? 0,
    ...(unpack.top === undefined ? {} : { top: checked(MemberGlob, unpack.top, values) }),
    ...(unpack.into === undefined ? {} : { into: checked(ImageFolder, unpack.into, values) }),
    ...(unpack.files === undefined
      ? {}
      : {
          files: Object.entries(unpack.files).map(([member, to]) => ({
            member: checked(MemberGlob, member, values),
            target: target(MemberTarget, to, values),
          })),
        }),
    exclude: (unpack.exclude ?? []).map((member) => checked(MemberGlob, member, values)),
    limit: bytes(unpack.limit ?? defaultLimit),
  };
}

function target(
  schema: z.ZodType<string>,
  to: string | { to: string; mode?: string | undefined },
  values: Values,
): Target {
  if (typeof to === 'string') return { to: checked(schema, to, values) };
  return { to: checked(schema, to.to, values), ...(to.mode === undefined ? {} : { mode: octal(to.mode) }) };
}

/** A value may hold anything, so what a template became is checked like what the author wrote. */
function checked(schema: z.ZodType<string>, template: string, values: Values): string {
  const text = render(template, values);
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  throw new UserError(
    `"${template}": ${result.error.issues[0]?.message ?? 'expected a path'}, got "${text}"`,
  );
}

function linkTarget(to: string): string {
  if (/^[^\p{Cc}]+$/u.test(to)) return to;
  throw new UserError(`expected a link target without control characters, got ${JSON.stringify(to)}`);
}

function octal(mode: string): number {
  return Number.parseInt(mode, 8);
}

function bytes(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('G') ? 1024 ** 3 : 1024 ** 2);
}
