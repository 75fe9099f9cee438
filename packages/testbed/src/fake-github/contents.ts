import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';

/** A file with its content in base64 (or raw, when asked), a folder as a list. */
export function getContents(call: RepoCall): Answer {
  const path = (call.params['path'] ?? '').replaceAll(/^\/|\/$/g, '');
  const ref = call.query.get('ref') ?? call.repo.defaultBranch;
  if (!isRef(call, ref)) {
    return notFound;
  }
  const text = call.repo.files.get(path);
  if (text === undefined) {
    const entries = entriesOf(call, path);
    return entries.length === 0 ? notFound : ok(entries.map((entry) => describe(call, ref, entry)));
  }
  if (/application\/vnd\.github\.(?:\w+\.)?raw/.test(call.headers.accept ?? '')) {
    return { status: 200, text, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  const content = `${Buffer.from(text).toString('base64')}\n`;
  return ok({ ...describe(call, ref, { type: 'file', path }), content, encoding: 'base64' });
}

/** The file as text, from the host for raw files. */
export function getRaw(call: RepoCall): Answer {
  const text = call.repo.files.get(call.params['path'] ?? '');
  return text === undefined || !isRef(call, call.params['revision'] ?? '')
    ? notFound
    : { status: 200, text, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}

interface Entry {
  readonly type: 'file' | 'dir';
  readonly path: string;
}

function isRef({ repo }: RepoCall, ref: string): boolean {
  return repo.branches.has(ref) || repo.tags.has(ref) || repo.commits.has(ref) || ref === 'HEAD';
}

function entriesOf({ repo }: RepoCall, folder: string): readonly Entry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, Entry>();
  for (const file of repo.files.keys().filter((name) => name.startsWith(prefix))) {
    const [first = '', ...deeper] = file.slice(prefix.length).split('/');
    entries.set(first, { type: deeper.length === 0 ? 'file' : 'dir', path: `${prefix}${first}` });
  }
  return entries.values().toArray();
}

function describe(call: RepoCall, ref: string, { type, path }: Entry): Record<string, unknown> {
  const { urls } = call.world;
  const text = call.repo.files.get(path) ?? '';
  const sha = createHash('sha1').update(`${path}\n${text}`).digest('hex');
  const self = `${urls.apiUrl}/repos/${call.repo.fullName}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const kind = type === 'file' ? 'blob' : 'tree';
  const git = `${urls.apiUrl}/repos/${call.repo.fullName}/git/${kind}s/${sha}`;
  const html = `${urls.serverUrl}/${call.repo.fullName}/${kind}/${ref}/${encodeURI(path)}`;
  const raw = `${urls.serverUrl}/raw/${call.repo.fullName}/${ref}/${encodeURI(path)}`;
  return {
    type,
    name: posix.basename(path),
    path,
    sha,
    size: Buffer.byteLength(text),
    url: self,
    git_url: git,
    html_url: html,
    download_url: type === 'file' ? raw : null,
    _links: { self, git, html },
  };
}
