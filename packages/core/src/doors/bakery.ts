export { loadConfig } from '../bakery/bakery-yaml.ts';
export type { HostProcess } from '../bakery/host-process.ts';
export type { Choices } from '../bakery/choices.ts';
export { type Bakery, openBakery } from '../bakery/open-bakery.ts';
export { openRecipeBook } from '../bakery/open-recipe-book.ts';
