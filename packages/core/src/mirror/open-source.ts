import { resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { DownloadPorts } from '../fetch/download.ts';
import { parseRepository } from '../github/config.ts';
import { folderSource } from './folder-source.ts';
import type { Source } from './source.ts';
import { urlSource } from './url-source.ts';

export interface OpenSourceContext extends DownloadPorts {
  readonly cwd: string;
  /** Where `github:` repositories are, without a slash at the end. */
  readonly githubServer: string;
}

/** What `text` stands for: `http(s)://…`, `dir:PATH` or `github:OWNER/REPO`. */
export function openSource(text: string, context: OpenSourceContext): Source {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return urlSource(text, context);
  const [, kind, place = ''] = /^(dir|github):(.+)$/.exec(text) ?? [];
  if (kind === 'dir') return folderSource(resolve(context.cwd, place), text);
  if (kind === 'github') {
    const { owner, repo } = parseRepository(place, 'SOURCE');
    return urlSource(`${context.githubServer}/${owner}/${repo}/releases/download`, context);
  }
  throw new UserError(
    'input.invalid',
    `SOURCE: expected https://HUB/extensions/, dir:PATH or github:OWNER/REPO, got "${text}"`,
  );
}
