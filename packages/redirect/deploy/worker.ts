import { fetchHandler } from '../src/fetch-handler.ts';

// Cloudflare Workers look for a default export.
// oxlint-disable-next-line import/no-default-export
export default fetchHandler();
