import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Ref = z.object({ $ref: z.string() });
const Json = z.record(z.string(), z.unknown());
type Json = z.infer<typeof Json>;

/** The part of GitHub’s OpenAPI description that some operations need, references and all. */
export const Slice = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), Json),
});
export type Slice = z.infer<typeof Slice>;

const Package = z.object({ version: z.string() });

/**
 * Reads the description of these paths. The whole has 13 MB and would be read by every test file, so what
 * was cut out of it is kept in node_modules/.cache.
 */
export async function openapiSlice(templates: readonly string[]): Promise<Slice> {
  const require = createRequire(import.meta.url);
  const packageFile = require.resolve('@octokit/openapi/package.json');
  const { version } = Package.parse(JSON.parse(await readFile(packageFile, 'utf8')));
  // Another way of cutting makes another slice.
  const cutter = await readFile(import.meta.filename, 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([version, cutter, templates]))
    .digest('hex')
    .slice(0, 16);
  const cache = join(import.meta.dirname, '../../node_modules/.cache/fake-github', `openapi-${key}.json`);
  try {
    return Slice.parse(JSON.parse(await readFile(cache, 'utf8')));
  } catch {
    const whole = join(dirname(packageFile), 'generated/api.github.com.json');
    const slice = cut(Slice.parse(JSON.parse(await readFile(whole, 'utf8'))), templates);
    await writeAtomically(cache, JSON.stringify(slice));
    return slice;
  }
}

function cut(whole: Slice, templates: readonly string[]): Slice {
  const components: Record<string, Json> = {};
  const paths: Slice['paths'] = {};
  const open: unknown[] = [];
  for (const template of templates) {
    const path = strip(whole.paths[template]);
    paths[template] = z.record(z.string(), z.unknown()).parse(path ?? {});
    open.push(path);
  }
  while (open.length > 0) {
    for (const reference of references(open.pop())) {
      const [, , section = '', name = ''] = reference.split('/');
      const known = (components[section] ??= {});
      if (!(name in known)) {
        known[name] = strip(whole.components[section]?.[name]);
        open.push(known[name]);
      }
    }
  }
  return { paths, components };
}

/** Without prose and examples, which are most of it, in a dialect that ajv reads. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(strip);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept = Object.entries(value).filter(
    ([name, content]) =>
      name !== 'examples' && name !== 'example' && !(name === 'description' && typeof content === 'string'),
  );
  const stripped: Json = Object.fromEntries(kept.map(([name, content]) => [name, strip(content)]));
  const { nullable, ...rest } = stripped;
  // OpenAPI 3.0 lets `nullable` stand beside references and unions, where ajv wants a type.
  return nullable === true && rest['type'] === undefined ? { anyOf: [rest, { type: 'null' }] } : stripped;
}

function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own = Ref.safeParse(value);
  return [...(own.success ? [own.data.$ref] : []), ...Object.values(value).flatMap(references)];
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, path);
}
