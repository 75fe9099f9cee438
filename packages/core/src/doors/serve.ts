export { listen, type Listening } from '../serve/listen.ts';
export { serveFolder } from '../serve/serve-folder.ts';
