import { globSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { SourceTextModule } from 'node:vm';

/** Modules through which a test meets other programs and the network. */
const world: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:cluster',
  'node:dgram',
  'node:http',
  'node:https',
  'node:net',
  'node:tls',
  'node:worker_threads',
  '@actions/exec',
  'emulate',
  'undici',
]);

/**
 * The suites of the checkout in `root` that test logic alone, as absolute paths: neither they nor the test support they
 * reach import a module of the world, or a file of the product that does. Those that try every combination of many things
 * (`*.sweep.test.ts`) take too long to be among them.
 */
export function unitSuites(root: string): readonly string[] {
  return globSync('packages/*/{src,testing,e2e}/**/*.test.ts', { cwd: root })
    .filter((suite) => !suite.endsWith('.sweep.test.ts'))
    .map((suite) => join(root, suite))
    .filter((suite) => wayToTheWorld(suite, root) === undefined)
    .toSorted();
}

/** How a suite gets at the world: files below `root`, then the module; `undefined` for one that does not. */
export function wayToTheWorld(file: string, root: string): readonly string[] | undefined {
  return search(file, root, new Set());
}

function search(file: string, root: string, seen: Set<string>): readonly string[] | undefined {
  if (seen.has(file)) return undefined;
  seen.add(file);
  const imported = importsOf(file);
  const own = imported.find((one) => world.has(one));
  if (own !== undefined) return [relative(root, file), own];
  if (!isTestCode(relative(root, file))) return undefined;
  for (const next of imported.filter((one) => one.startsWith('/'))) {
    const way = search(next, root, seen);
    if (way !== undefined) return [relative(root, file), ...way];
  }
  return undefined;
}

/** Behind it only more test code counts: what the product imports is its own business, as `noWorld` sees. */
function isTestCode(path: string): boolean {
  return /^packages\/(testbed\/|fuzz\/|[^/]+\/(testing|e2e)\/)|\.test\.ts$/.test(path);
}

const known = new Map<string, readonly string[]>();

/** What a file imports when it runs: modules by name, files of this repository as absolute paths. */
function importsOf(file: string): readonly string[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const source = stripTypeScriptTypes(readFileSync(file, 'utf8'));
  const { moduleRequests } = new SourceTextModule(source);
  const imported = moduleRequests.map(({ specifier }) => {
    if (specifier.startsWith('.')) return resolve(dirname(file), specifier);
    return specifier.startsWith('@bakery/') ? createRequire(file).resolve(specifier) : specifier;
  });
  const files = imported.filter((one) => !one.startsWith('/') || one.endsWith('.ts'));
  known.set(file, files);
  return files;
}
