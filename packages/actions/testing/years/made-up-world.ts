import { rememberIn } from '@bakery/core/src/bakery/remember.ts';
import { UserError } from '@bakery/core/src/diagnostics/user-error.ts';
import { cacheIn } from '@bakery/core/src/fetch/cache.ts';
import { upstreamVersion } from '@bakery/core/src/names/revision.ts';
import type { Http } from '@bakery/core/src/ports/http.ts';
import type { Ports } from '@bakery/core/src/ports/ports.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { parseRecipe } from '@bakery/core/src/recipe/load.ts';
import type { LoadedRecipe } from '@bakery/core/src/recipe/loaded.ts';
import type { RecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { upstreamOf, type Upstream } from '@bakery/core/src/release/check/upstream.ts';
import type { Event, Extension } from './script.ts';

/** The projects behind the extensions, and who tells of ends of life: all that is asked outside of GitHub. */
export interface MadeUpWorld {
  readonly ports: Ports;
  readonly recipeBook: RecipeBook;
  happen(event: Event, night: number): void;
  /** Whether upstream has the files of a version, or of what a revision is one of. */
  hasFiles(name: string, version: string): boolean;
  /** As a run sees them that starts now. */
  upstream(): Upstream;
}

const day = 86_400_000;

export function madeUpWorld(
  extensions: readonly Extension[],
  { folder, start, now }: { readonly folder: string; readonly start: number; readonly now: () => number },
): MadeUpWorld {
  const complete = new Map<string, Map<string, number>>(extensions.map(({ name }) => [name, new Map()]));
  const ends = new Map<string, { name: string; isEol: boolean; eolFrom: string }[]>();
  const nightNow = (): number => Math.floor((now() - start) / day);
  const text = (url: string): string | undefined => {
    const { hostname, pathname } = new URL(url);
    if (hostname === 'endoflife.date')
      return JSON.stringify({ result: { releases: ends.get(pathname.split('/').at(-1) ?? '') ?? [] } });
    const [name = ''] = hostname.split('.');
    const versions = complete.get(name);
    if (pathname === '/versions')
      return [...(versions?.keys() ?? [])].map((version) => `<li>${version}</li>`).join('\n');
    const since = versions?.get(pathname.split('/')[1] ?? '');
    return since !== undefined && since <= nightNow() ? 'file' : undefined;
  };
  const http = httpOf(text);
  const ports: Ports = { http, report: silentReport, exec: spawnExec({}) };
  const books = new Map(extensions.map((extension) => [extension.name, loadedOf(extension)]));
  const recipeBook: RecipeBook = {
    names: extensions.map(({ name }) => name),
    folder: (name) => (books.has(name) ? '/nowhere' : undefined),
    find: async (name) => {
      const found = books.get(name);
      if (found === undefined) throw new UserError('recipe.unknown', name);
      return found;
    },
  };
  const cache = cacheIn(folder, { verify: false, now });
  return {
    ports,
    recipeBook,
    happen: (event, night) => {
      if (event.kind === 'version') complete.get(event.name)?.set(event.version, event.complete);
      if (event.kind !== 'end') return;
      const eolFrom = new Date(start + (night - 1) * day).toISOString().slice(0, 10);
      const known = ends.get(event.name) ?? [];
      ends.set(event.name, [...known, { name: String(event.major), isEol: true, eolFrom }]);
    },
    hasFiles: (name, version) => {
      const since = complete.get(name)?.get(upstreamVersion(version));
      return since !== undefined && since <= nightNow();
    },
    upstream: () => upstreamOf(recipeBook, { ports, now, remember: rememberIn(cache, false) }),
  };
}

function httpOf(text: (url: string) => string | undefined): Http {
  return {
    get: async (url) => {
      const found = text(url);
      return {
        status: found === undefined ? 404 : 200,
        headers: new Headers(),
        url,
        body: new Blob([found ?? '']).stream(),
      };
    },
    bytes: async (url) => {
      const found = text(url);
      return found === undefined ? undefined : Buffer.from(found);
    },
    text: async (url) => text(url),
  };
}

function loadedOf({ name, majors, hasEnds }: Extension): LoadedRecipe {
  const recipe = `recipe: 1
name: ${name}
summary: Nothing
homepage: https://${name}.example/
license: MIT
versions:
  from: http
  url: https://${name}.example/versions
  regex: <li>([^<]+)</li>
  latest: { majors: ${majors} }
${hasEnds ? `eol: { product: ${name} }\n` : ''}streams: major
arch: { x86-64: amd64, arm64: arm64 }
artifacts:
  - { url: 'https://${name}.example/{version}/{arch}', integrity: { none: made up }, place: /usr/bin/${name} }
smoke:
  - { run: ${name}, prints: ${name} }
`;
  return { ...parseRecipe(recipe, 'recipe.yaml'), folder: '/nowhere' };
}
