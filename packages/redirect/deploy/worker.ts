import { fetchHandler } from '../src/fetch-handler.ts';

// oxlint-disable-next-line import/no-default-export -- where Cloudflare Workers look
export default fetchHandler();
