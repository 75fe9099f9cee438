export { loadConfig } from '../bakery/bakery-yaml.ts';
export type { Environment } from '../bakery/environment.ts';
export { type Bakery, type Choices, openBakery, openRecipeBook } from '../bakery/open-bakery.ts';
