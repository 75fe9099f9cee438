// Writes the files that are generated from the sources; `pnpm generate`.
import { writeFile } from 'node:fs/promises';
import { recipeJsonSchema } from '../packages/core/src/recipe/json-schema.ts';
import { caddyfile } from '../packages/redirect/src/caddyfile.ts';

const file = new URL('../recipes/recipe.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(recipeJsonSchema(), undefined, 2)}\n`);

await writeFile(new URL('../packages/redirect/deploy/Caddyfile', import.meta.url), caddyfile());

await import('./generate-action-docs.ts');
