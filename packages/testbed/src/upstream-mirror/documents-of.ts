import { expandFile } from './expand-downloads.ts';
import type { Document, Fixture } from './fixture.ts';

export interface Answer {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What stands at an address; `self` is the address asked for, without its query. */
export type Page = (query: URLSearchParams, self: string) => Answer;

/** The version documents of a fixture by address without scheme and query, e.g. `api.github.com/repos/…`. */
export function documentsOf(fixture: Fixture): Map<string, Page> {
  return new Map(fixture.documents.flatMap((document) => pagesOf(document, fixture)));
}

function pagesOf(document: Document, fixture: Fixture): [string, Page][] {
  const most = 'page-size' in document ? document['page-size'] : undefined;
  if (document.kind === 'github-releases') {
    const items = document.releases.map((release) => releaseJson(release, document.repo));
    return [[`api.github.com/repos/${document.repo}/releases`, githubPages(items, most)]];
  }
  if (document.kind === 'github-tags') {
    const items = document.tags.map((name) => ({ name, commit: { sha: '0'.repeat(40) } }));
    return [[`api.github.com/repos/${document.repo}/tags`, githubPages(items, most)]];
  }
  if (document.kind === 'gitlab-tags') {
    const project = encodeURIComponent(document.project);
    const items = document.tags.map((name) => ({ name, message: '', protected: false }));
    const address = `${document.host}/api/v4/projects/${project}/repository/tags`;
    return [[address, gitlabPages(items, most)]];
  }
  if (document.kind === 'hashicorp') {
    return [[`api.releases.hashicorp.com/v1/releases/${document.product}`, hashicorpPages(document)]];
  }
  if (document.kind === 'index') {
    return [[withoutScheme(document.url), () => ({ body: indexHtml(document.links) })]];
  }
  return expandFile(document, fixture).map(({ url, text }) => [withoutScheme(url), () => ({ body: text })]);
}

export function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

type Release = Extract<Document, { kind: 'github-releases' }>['releases'][number];

function releaseJson(release: Release, repo: string): object {
  const { tag, prerelease, draft } =
    typeof release === 'string' ? { tag: release, prerelease: false, draft: false } : release;
  return {
    url: `https://api.github.com/repos/${repo}/releases/1`,
    html_url: `https://github.com/${repo}/releases/tag/${tag}`,
    tag_name: tag,
    name: tag,
    draft,
    prerelease,
    assets: [],
    body: 'What is new.',
  };
}

/** GitHub gives 30 items unless asked for more, never over 100, and says in `Link` where it goes on. */
function githubPages(items: readonly object[], most = 100): Page {
  return (query, self) => {
    const size = Math.min(Number(query.get('per_page') ?? 30), most);
    const page = Number(query.get('page') ?? 1);
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    const link =
      page * size < items.length ? { link: `<${self}?${next.toString()}>; rel="next"` } : undefined;
    return json(items.slice((page - 1) * size, page * size), link);
  };
}

/** GitLab gives 20 items unless asked for more, and says in `X-Next-Page` where it goes on. */
function gitlabPages(items: readonly object[], most = 100): Page {
  return (query) => {
    const size = Math.min(Number(query.get('per_page') ?? 20), most);
    const page = Number(query.get('page') ?? 1);
    const next = page * size < items.length ? String(page + 1) : '';
    return json(items.slice((page - 1) * size, page * size), { 'x-next-page': next });
  };
}

/** The releases API: newest created first, at most 20, `after` the creation time of the last item seen. */
function hashicorpPages({ product, builds, 'page-size': most = 20 }: HashicorpDocument): Page {
  const newestFirst = builds.toSorted((a, b) => (a.created < b.created ? 1 : -1));
  const items = newestFirst.map(({ version, license, prerelease, created }) => ({
    name: product,
    version,
    license_class: license,
    is_prerelease: prerelease,
    timestamp_created: created,
  }));
  return (query) => {
    const size = Math.min(Number(query.get('limit') ?? 10), most);
    const after = query.get('after');
    const rest = after === null ? items : items.filter((item) => item.timestamp_created < after);
    return json(rest.slice(0, size));
  };
}

type HashicorpDocument = Extract<Document, { kind: 'hashicorp' }>;

function indexHtml(links: readonly string[]): string {
  const rows = links.map((link) => `<a href="${link}">${link}</a>    2026-08-01 12:00    42 MB`);
  return `<html>\n<head><title>Index</title></head>\n<body><pre><a href="../">../</a>\n${rows.join('\n')}\n</pre></body>\n</html>\n`;
}

function json(data: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { body: JSON.stringify(data), headers: { 'content-type': 'application/json', ...headers } };
}
