export { parseCatalogue } from '../catalogue/catalogue.ts';
export { catalogueAt, catalogueIn, extensionIn, searchIn } from '../catalogue/find-catalogue.ts';
export {
  Catalogue,
  CatalogueExtension,
  CatalogueImage,
  CatalogueKey,
  CatalogueRebuild,
  CatalogueVersion,
} from '../catalogue/schema.ts';
export { type Judged } from '../catalogue/rebuilds.ts';
