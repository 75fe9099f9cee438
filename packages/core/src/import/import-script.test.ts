import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { type Imported, importScript } from './import-script.ts';

const scripts = join(import.meta.dirname, '../../testing/scripts');
const names = readdirSync(scripts).flatMap((name) => (name.endsWith('.txt') ? [name.slice(0, -4)] : []));
const context = { exec: spawnExec(process.env), path: process.env['PATH'] ?? '' };

describe('importScript', () => {
  it.each(names)('makes the recipe of %s.sysext that stands beside it', async (name) => {
    const imported = await importScript(join(scripts, `${name}.sysext`), [], context);
    expect(shown(imported)).toBe(readFileSync(join(scripts, `${name}.txt`), 'utf8'));
  });

  it('ends a script that does not end', async () => {
    const { left } = await importScript(join(scripts, 'endless.sysext'), [], { ...context, cpuSeconds: 1 });
    expect(left).toEqual(['create.sh: the function took more than it may, and was ended']);
  });

  it('refuses a folder without a script', async () => {
    await expect(importScript(scripts, [], context)).rejects.toThrow(
      `${scripts}: expected a folder NAME.sysext with create.sh, got none`,
    );
  });
});

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
