export { clock } from '../github/busy.ts';
export { githubClient } from '../github/client.ts';
export { githubConfig } from '../github/config.ts';
