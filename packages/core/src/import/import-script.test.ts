import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { type Imported, importScript } from './import-script.ts';

const scripts = join(import.meta.dirname, '../../testing/scripts');
const names = readdirSync(scripts).flatMap((name) => (name.endsWith('.txt') ? [name.slice(0, -4)] : []));
const context = { exec: spawnExec(process.env), path: process.env['PATH'] ?? '' };

describe('importScript', () => {
  it.each(names)('makes the recipe of %s.sysext that stands beside it', async (name) => {
    const made = await importScript(join(scripts, `${name}.sysext`), [], context);
    expect(shown(made)).toBe(readFileSync(join(scripts, `${name}.txt`), 'utf8'));
  });

  it('ends a script that does not end', async () => {
    const { left } = await importScript(join(scripts, 'endless.sysext'), [], { ...context, cpuSeconds: 1 });
    expect(left).toEqual(['create.sh: the function took more than it may, and was ended']);
  });

  it('gives a script no memory of the machine but its own small share', async () => {
    const { left } = await imported(`
      for place in /big /dev/shm/big /dev/big /etc/big; do
        head -c 100M /dev/zero >"$place" 2>/dev/null && fetched="$fetched $place"
      done
      echo kept >/dev/null
      unknown-program$fetched`);
    expect(left).toContain('create.sh:10 calls unknown-program, which is not known here');
  });

  it('reads a pattern that would take for ever, and an address that is none, in the sandbox', async () => {
    const text = `EXTENSION_VERSION_MATCH_PATTERN='(a|a)*b'
function list_available_versions() {
  printf '%060d\\n' 0 | tr 0 a
  curl -fsSL https://gitlab.com/api/v4/projects/foo%zz/repository/tags
}
function populate_sysext_root() { :; }
`;
    expect((await importedFrom(text)).files[0]?.content.toString()).toContain('from: gitlab-tags');
  });

  it('says which run of the script did not end well', async () => {
    const { left } = await imported('[[ $2 = x86-64 ]] || { echo "no arm for you" >&2; return 4; }');
    expect(left).toContain('create.sh: populate_sysext_root for arm64 ended with 4, saying "no arm for you"');
  });

  it('takes static files in the mode the script gives them, and none it has cut', async () => {
    const made = await imported('chmod 0755 "$1/usr/bin/helper"; truncate -s 70000 "$1/usr/bin/large"', {
      helper: 'echo\n',
      large: 'x'.repeat(80_000),
    });
    const shipped = made.files.filter(({ path }) => path.startsWith('files/'));
    expect(shipped.map(({ path, mode }) => [path, mode])).toEqual([['files/usr/bin/helper', 0o755]]);
    expect(made.left).toContain('files/usr/bin/large: the script removes or changes it; not copied');
  });

  it('refuses more calls than anybody makes', async () => {
    const flood = 'yes "$(printf "fetch\\x1f1\\x1fhttps://example.org/\\x1e")" | head -n 6000 >>/import/log';
    await expect(imported(flood)).rejects.toThrow(
      'create.sh: expected at most 5000 calls of programs, got 6001',
    );
  });

  it('refuses a tree of more than anybody needs', async () => {
    await expect(imported('mkdir -p "$1"/usr/share/{1..20000}')).rejects.toThrow(
      /^create\.sh: expected at most 10000 files and folders, got 2000\d$/,
    );
  });

  it('refuses a folder without a script', async () => {
    await expect(importScript(scripts, [], context)).rejects.toThrow(
      `${scripts}: expected a folder NAME.sysext with create.sh, found no such file`,
    );
  });
});

/** What becomes of a script that fills the tree `$1` for the architecture `$2` by these lines. */
function imported(lines: string, statics: Readonly<Record<string, string>> = {}): Promise<Imported> {
  const list = 'function list_available_versions() {\n  list_github_releases example tool\n}\n';
  return importedFrom(`${list}function populate_sysext_root() {\n${lines}\n}\n`, statics);
}

async function importedFrom(text: string, statics: Readonly<Record<string, string>> = {}): Promise<Imported> {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'import-'));
  const folder = join(temporary.path, 'tool.sysext');
  await mkdir(join(folder, 'files/usr/bin'), { recursive: true });
  await writeFile(join(folder, 'create.sh'), text);
  for (const [name, content] of Object.entries(statics))
    await writeFile(join(folder, 'files/usr/bin', name), content, { mode: 0o644 });
  return await importScript(folder, [], context);
}

/** The recipe, what is left to decide, and which files come with it. */
function shown({ files, links, left }: Imported): string {
  const recipe = files.find(({ path }) => path === 'recipe.yaml')?.content.toString() ?? '';
  const beside = [...files, ...links].map(({ path }) => path).filter((path) => path !== 'recipe.yaml');
  return [
    recipe,
    ...left.map((line) => `# left: ${line}\n`),
    ...beside.map((path) => `# file: ${path}\n`),
  ].join('');
}
