export { type Imported, importScript } from '../import/import-script.ts';
