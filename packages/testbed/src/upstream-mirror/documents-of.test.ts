import { describe, expect, it } from '@jest/globals';
import { documentsOf } from './documents-of.ts';
import { Fixture } from './fixture.ts';

describe('documentsOf', () => {
  it('pages GitHub’s lists by Link, drafts and pre-releases included', () => {
    const releases = ['v3', { tag: 'v2-rc1', prerelease: true }, { tag: 'v2', draft: true }, 'v1'];
    const ask = askOf({ kind: 'github-releases', repo: 'a/b', releases, 'page-size': 3 });
    const first = ask('api.github.com/repos/a/b/releases', 'per_page=100');
    expect(JSON.parse(first.body)).toMatchObject([
      { tag_name: 'v3', prerelease: false, draft: false },
      { tag_name: 'v2-rc1', prerelease: true, draft: false },
      { tag_name: 'v2', prerelease: false, draft: true },
    ]);
    expect(first.headers['link']).toBe(
      '<https://api.github.com/repos/a/b/releases?per_page=100&page=2>; rel="next"',
    );
    const last = ask('api.github.com/repos/a/b/releases', 'per_page=100&page=2');
    expect(JSON.parse(last.body)).toMatchObject([{ tag_name: 'v1' }]);
    expect(last.headers).not.toHaveProperty('link');
  });

  it.each([
    ['30 GitHub tags', { kind: 'github-tags', repo: 'a/b' }, 'api.github.com/repos/a/b/tags', 30],
    [
      '20 GitLab tags',
      { kind: 'gitlab-tags', host: 'gitlab.example', project: 'a/b' },
      'gitlab.example/api/v4/projects/a%2Fb/repository/tags',
      20,
    ],
  ])('gives %s a page unless asked for more', (_title, source, address, count) => {
    const tags = Array.from({ length: 150 }, (_, index) => `v${index}`);
    const ask = askOf({ ...source, tags });
    expect(JSON.parse(ask(address, '').body)).toHaveLength(count);
    expect(JSON.parse(ask(address, 'per_page=100').body)).toHaveLength(100);
    expect(JSON.parse(ask(address, 'per_page=500').body)).toHaveLength(100);
    expect(JSON.parse(ask(address, 'per_page=100&page=2').body)).toHaveLength(50);
  });

  it('says in X-Next-Page where GitLab goes on', () => {
    const tags = ['v2', 'vmqtest', 'v1'];
    const ask = askOf({ kind: 'gitlab-tags', host: 'gitlab.example', project: 6, tags, 'page-size': 2 });
    const address = 'gitlab.example/api/v4/projects/6/repository/tags';
    expect(ask(address, '').headers['x-next-page']).toBe('2');
    expect(ask(address, 'page=2').headers['x-next-page']).toBe('');
  });

  it('lists HashiCorp’s builds by creation, and those before a cursor', () => {
    const builds = [
      { version: '2.0.0', created: '2026-01-01' },
      { version: '1.9.9', created: '2026-03-01' },
      { version: '2.0.0+ent', license: 'enterprise', created: '2026-02-01' },
    ];
    const ask = askOf({ kind: 'hashicorp', product: 'vault', builds, 'page-size': 2 });
    const address = 'api.releases.hashicorp.com/v1/releases/vault';
    expect(JSON.parse(ask(address, 'limit=20').body)).toMatchObject([
      { version: '1.9.9', license_class: 'oss', is_prerelease: false, timestamp_created: '2026-03-01' },
      { version: '2.0.0+ent', license_class: 'enterprise' },
    ]);
    expect(JSON.parse(ask(address, 'limit=20&after=2026-02-01').body)).toMatchObject([{ version: '2.0.0' }]);
  });

  it('fills in versions of other documents, and links in index pages', () => {
    const file = askOf({
      kind: 'file',
      url: 'https://h.example/v{version}/runc',
      text: 'for {minor}',
      versions: ['1.2.3'],
    });
    expect(file('h.example/v1.2.3/runc', '').body).toBe('for 1.2');
    const index = askOf({ kind: 'index', url: 'https://h.example/x/', links: ['a-1.tgz'] });
    expect(index('h.example/x/', '').body).toContain('<a href="a-1.tgz">a-1.tgz</a>');
  });
});

function askOf(document: object) {
  const pages = documentsOf(
    Fixture.parse({
      recipe: 'x',
      arch: {},
      versions: [],
      expect: { latest: [] },
      documents: [document],
      downloads: [],
    }),
  );
  return (
    address: string,
    query: string,
  ): { readonly body: string; readonly headers: Record<string, string> } => {
    const answer = pages.get(address)?.(new URLSearchParams(query), `https://${address}`);
    if (answer === undefined) throw new Error(`${address}: not served`);
    return { body: answer.body.toString(), headers: { ...answer.headers } };
  };
}
