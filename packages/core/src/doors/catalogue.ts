export { parseCatalogue } from '../catalogue/catalogue.ts';
export { catalogueAt, catalogueIn, extensionIn, searchIn } from '../catalogue/find-catalogue.ts';
export {
  Catalogue,
  CatalogueExtension,
  CatalogueImage,
  CatalogueKey,
  CatalogueVersion,
} from '../catalogue/schema.ts';
