// Writes the files that are generated from the sources; `pnpm generate`.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../packages/core/src/bakery/bakery-yaml.ts';
import { catalogueJsonSchema } from '../packages/core/src/catalogue/json-schema.ts';
import { recipeJsonSchema } from '../packages/core/src/recipe/json-schema.ts';
import { documentation } from '../packages/docs/src/documentation.ts';
import { errorsFile, errorsPage } from '../packages/docs/src/errors-page.ts';
import { caddyfile } from '../packages/redirect/src/caddyfile.ts';

const file = new URL('../recipes/recipe.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(recipeJsonSchema(), undefined, 2)}\n`);

await writeFile(
  new URL('../docs/bakery.schema.json', import.meta.url),
  `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`,
);

await writeFile(
  new URL('../docs/catalogue.schema.json', import.meta.url),
  `${JSON.stringify(catalogueJsonSchema(), undefined, 2)}\n`,
);

await writeFile(new URL('../packages/redirect/deploy/Caddyfile', import.meta.url), caddyfile());

const root = new URL('..', import.meta.url);
await mkdir(new URL('docs/extensions/', root), { recursive: true });
for (const [path, text] of await documentation(fileURLToPath(root)))
  await writeFile(new URL(path, root), text);

await writeFile(new URL(errorsFile, root), errorsPage());

await import('./generate-action-docs.ts');
