export { fileUrls } from '../hub/address.ts';
export { healthPath, hubPrefix, lookUp } from '../hub/look-up.ts';
export { refusedPath, refusedTarget } from '../hub/path-patterns.ts';
export { type Route, routes } from '../hub/routes.ts';
