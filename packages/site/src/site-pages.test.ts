import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadRecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { sampleCatalogue } from '@bakery/core/testing/sample-catalogue.ts';
import { largeCatalogue } from '../testing/large-catalogue.ts';
import { sitePages, type Site } from './site-pages.ts';

const recipes = join(import.meta.dirname, '../../../recipes');
const now = Date.parse('2026-11-27T00:00:00Z');

let large: Site;
let pages: ReadonlyMap<string, string>;
beforeAll(async () => {
  const book = await loadRecipeBook([recipes]);
  const loaded = await Promise.all(book.names.map((name) => book.find(name)));
  const catalogue = largeCatalogue(loaded, 16);
  const extensions = await Promise.all(
    catalogue.extensions.map(async (published, index) => ({
      published,
      ...(loaded[index] === undefined ? {} : { recipe: loaded[index] }),
      readme: await readFile(join(recipes, published.name, 'README.md'), 'utf8'),
    })),
  );
  large = { catalogue, extensions, now };
  pages = await sitePages(large);
});

describe('the site of 600 versions', () => {
  it('takes less than 2 MB, and its first page less than most pictures', async () => {
    const versions = large.extensions.flatMap(({ published }) => published.versions);
    expect(versions.length).toBeGreaterThan(600);
    const bytes = [...pages.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThan(2_000_000);
    const first = await Promise.all(
      ['site.css', 'site.js', 'icon.svg'].map((name) =>
        readFile(join(import.meta.dirname, '../assets', name)),
      ),
    );
    const sent = [Buffer.from(pages.get('index.html') ?? ''), ...first].map((file) => gzipSync(file).length);
    expect(sent.reduce((sum, one) => sum + one)).toBeLessThan(30_000);
  });

  it('composes configurations that carry the keys themselves: a host starts though the feed has others by then', () => {
    const { data = 'none' } = large.catalogue.ring ?? {};
    expect(pages.get('compose/index.html')).toContain(`data:;base64,${data}`);
  });

  it('links only to pages and places that are there, and names no address of a page from its root', () => {
    const places = new Set([...pages.keys(), 'site.css', 'site.js', 'icon.svg']);
    for (const [page, text] of pages) {
      if (!page.endsWith('.html')) continue;
      const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));
      for (const [, link = ''] of text.matchAll(/ (?:href|src)="([^"]+)"/g)) {
        if (/^https?:\/\//.test(link)) continue;
        const [path = '', id] = link.split('#');
        expect({
          page,
          link,
          there: path === '' ? ids.has(id ?? '') : places.has(join(page, '..', path)),
        }).toEqual({
          page,
          link,
          there: true,
        });
      }
    }
  });

  it('shows no column in which nobody wrote anything', () => {
    const status = pages.get('status/index.html') ?? '';
    expect(status).toContain('<th scope="col">Test on a host</th>');
    expect(status).not.toContain('Built again');
  });

  it('offers no withdrawn version', () => {
    const page = pages.get('kubernetes/index.html') ?? '';
    expect(page).toContain('withdrawn');
    expect(page).not.toContain('<option value="1.3.0">');
    expect(page).toContain('<option value="1.2.3">');
  });

  it('offers none that the bakery keeps no longer, and still shows it', () => {
    const page = pages.get('kubernetes/index.html') ?? '';
    expect(page).not.toContain('<option value="1.2.2">');
    expect(page).toContain('Retired <time>2026-11-20</time>: of each stream only the newest 2 are kept');
    expect(page).toContain('kubernetes-1.2.2-arm64.raw');
    expect(pages.get('kubernetes/feed.atom')).toContain('<title>kubernetes 1.2.2 is retired</title>');
  });
});

it('shows one of everything without recipes', async () => {
  const extensions = sampleCatalogue.extensions.map((published) => ({ published }));
  const sample = await sitePages({ catalogue: sampleCatalogue, extensions, now });
  const page = sample.get('k3s/index.html') ?? '';
  expect(page).toContain('v1.34.2+k3s1 rebuilt: k3s-killall.sh was not executable');
  expect(page).toContain('<span>64.0 MB</span><span>190.0 MB</span>');
  expect(page).toContain('<span>64.0 MB</span><span></span>');
  expect(page).toContain('ended 2026-06-28');
  const run = 'https://ci.example.org/runs/7';
  expect(page.replaceAll(/\s+/g, ' ')).toContain(
    `Built again: <a href="${run}">x86-64 same</a> on ubuntu 24.04 x86_64, <time>2026-03-02</time>; <a href="${run}">arm64 explained</a> on`,
  );
  expect(page).toContain(`<a href="${run}"><span class="badge good">rebuilt alike</span></a>`);
  expect(sample.get('status/index.html')).toContain(
    `<a href="${run}"><span class="badge good">x86-64 same, arm64 explained</span></a> <time>2026-03-02</time>`,
  );
  expect(page).toContain(`hash: sha256-${'1'.repeat(64)}`);
  expect(page).toContain('Verify=true');
  expect(sample.get('feed.atom')).toContain('k3s v1.34.2+k3s1 is withdrawn');
  expect(page).toMatch(/<h3>v1\.32\.9\+k3s1<\/h3>[^]*Retired <time>2026-02-15/);
  expect(sample.get('keys/index.html')).toContain('BBBB BBBB');
});

it('says that nobody checks what a script fetches for a build', async () => {
  const [published] = sampleCatalogue.extensions;
  if (published === undefined) throw new Error('expected an extension in the sample');
  const pageOf = async (unproved: string[] | undefined): Promise<string> => {
    const extensions = [{ published: { ...published, ...(unproved === undefined ? {} : { unproved }) } }];
    const made = await sitePages({ catalogue: sampleCatalogue, extensions, now });
    return made.get(`${published.name}/index.html`) ?? '';
  };
  expect(await pageOf(['create.sh'])).toContain('nobody checks what create.sh fetches for it');
  expect(await pageOf(undefined)).not.toContain('nobody checks');
});

it('tells in one entry of a feed what was retired at once', async () => {
  const [extension] = sampleCatalogue.extensions;
  if (extension === undefined) throw new Error('expected an extension');
  const retired = { since: '2026-03-02T04:05:06Z', why: 'published before 2026-01-01' };
  const versions = extension.versions.map((version) => ({ ...version, retired }));
  const published = { ...extension, versions };
  const catalogue = { ...sampleCatalogue, extensions: [published] };
  const all = await sitePages({ catalogue, extensions: [{ published }], now });
  const titles = [...(all.get('k3s/feed.atom') ?? '').matchAll(/<entry\b[^]*?<title>(.*?)</g)].map(
    ([, one]) => one,
  );
  expect(titles).toEqual([
    'k3s v1.33 is no longer supported',
    'k3s 3 versions are retired',
    'k3s v1.34.2+k3s1-r1',
    'k3s v1.34.2+k3s1 is withdrawn',
  ]);
  expect(all.get('feed.atom')).toContain(
    '<summary>published before 2026-01-01: v1.34.2+k3s1-r1, v1.33.6+k3s1, v1.32.9+k3s1</summary>',
  );
});

it('calls a stream ended when its last day is over', async () => {
  const [extension] = sampleCatalogue.extensions;
  if (extension === undefined) throw new Error('expected an extension');
  const eol = '2026-11-27';
  const published = { ...extension, streams: extension.streams.map((stream) => ({ ...stream, eol })) };
  const catalogue = { ...sampleCatalogue, extensions: [published] };
  const on = async (at: string) => {
    const all = await sitePages({ catalogue, extensions: [{ published }], now: Date.parse(at) });
    return [all.get('k3s/index.html'), all.get('feed.atom')].map((text) =>
      /ended 2026-11-27|no longer supported/.test(text ?? ''),
    );
  };
  expect(await on('2026-11-27T23:59:00Z')).toEqual([false, false]);
  expect(await on('2026-11-28T00:00:00Z')).toEqual([true, true]);
});

it('says so where nothing is published yet', async () => {
  const all = await sitePages({ catalogue: { ...sampleCatalogue, extensions: [] }, extensions: [], now });
  for (const page of ['index', 'compose/index', 'status/index']) {
    const text = all.get(`${page}.html`) ?? '';
    expect(text).toContain('<p>Nothing is published yet.</p>');
    expect(text).not.toMatch(/<select|<fieldset|<table/);
  }
});

it('refuses an extension that would take the place of a page of its own', async () => {
  const [extension] = sampleCatalogue.extensions;
  if (extension === undefined) throw new Error('expected an extension');
  const published = { ...extension, name: 'status' };
  const catalogue = { ...sampleCatalogue, extensions: [published] };
  await expect(sitePages({ catalogue, extensions: [{ published }], now })).rejects.toThrow(
    'extension status: the site has a page of its own called status/',
  );
});

it('tells what extensions need by the architecture', async () => {
  const [extension] = sampleCatalogue.extensions;
  if (extension === undefined) throw new Error('expected an extension');
  const published = { ...extension, requires: [{ name: 'runc', arches: ['arm64'] }] };
  const catalogue = { ...sampleCatalogue, extensions: [published] };
  const all = await sitePages({ catalogue, extensions: [{ published }], now });
  expect(all.get('compose/index.html')).toContain('"requires":[{"name":"runc","arches":["arm64"]}]');
});

describe('what strangers wrote', () => {
  const evil = `"><script src=//evil.example></script><img src=x onerror=alert(1)>'\u001b[31m\u009b2J\u202e\u2066`;

  it('stays text, in every field that holds any', async () => {
    const [extension] = sampleCatalogue.extensions;
    if (extension === undefined) throw new Error('expected an extension');
    const published = {
      ...extension,
      summary: evil,
      license: evil,
      homepage: `javascript:alert(1)`,
      os: { id: evil },
      arches: [evil],
      masks: [evil],
      units: [{ name: evil, start: evil }],
      conflicts: [{ name: 'rke2', why: `${evil} [x](javascript:alert(1)) ![x](https://evil.example/x.png)` }],
      versions: extension.versions.map((version) => ({
        ...version,
        why: evil,
        record: { file: evil, url: 'javascript:alert(1)' },
        images: version.images.map((image) => ({ ...image, file: `../${evil}`, url: `https://x/${evil}` })),
      })),
    };
    const readme = `# x\n\n${evil}\n\n[a](javascript:alert(1)) [b](data:text/html,x) <b onclick=x>\n\n\`\`\`"><script>\n</pre><script>\n\`\`\`\n`;
    const catalogue = { ...sampleCatalogue, extensions: [published] };
    const all = await sitePages({ catalogue, extensions: [{ published, readme }], now });
    for (const [page, text] of all) {
      const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
      for (const tag of scripts)
        expect({ page, tag }).toEqual({
          page,
          tag: expect.stringMatching(
            /^<script (src="(\.\.\/)?site\.js" defer|type="application\/json" id="\w+")>$/,
          ),
        });
      expect(text).not.toMatch(
        /href="(?!https?:\/\/|[a-z#.])|="javascript:|<img (?!src="(\.\.\/)?icon\.svg")|<b /,
      );
      expect(text).not.toMatch(/<[^>"]*\bon\w+=/);
      expect({ page, odd: text.match(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u) }).toEqual({
        page,
        odd: null,
      });
    }
    expect(all.get('k3s/index.html')).toContain('There is no version to install yet.');
  });

  it('is no option and no other folder in what a host runs', async () => {
    const [extension] = sampleCatalogue.extensions;
    if (extension === undefined) throw new Error('expected an extension');
    const units = ['-Hevil.service', 'k3s.service'].map((name) => ({ name, start: 'user' }));
    const published = { ...extension, masks: ['..', '-f', 'docker-flatcar'], units };
    const catalogue = { ...sampleCatalogue, extensions: [published] };
    const page = (await sitePages({ catalogue, extensions: [{ published }], now })).get('k3s/index.html');
    expect(page).toContain('/etc/extensions/docker-flatcar');
    expect(page).toMatch(/ k3s\.service/);
    expect(page).not.toMatch(/systemctl.* -H|\/etc\/extensions\/[.-]/);
  });
});

it('shows what fails, since when and why, of extensions that were never published too', async () => {
  const catalogue = sampleCatalogue;
  const [first] = catalogue.extensions;
  const name = first?.name ?? '';
  const since = '2026-11-20T03:04:05Z';
  const why = 'https://example.org/x: expected a file, got 404 <b>\nrun again';
  const failing = { [name]: { version: 'v9.9.9', since, why }, unborn: { version: '1.0', since, why } };
  const site = { catalogue, extensions: catalogue.extensions.map((published) => ({ published })), now };
  const page = (await sitePages({ ...site, failing })).get('status/index.html') ?? '';
  expect(page).toContain('<h2>Failing</h2>');
  expect(page).toContain(`href="../${name}/index.html"`);
  expect(page).toContain('expected a file, got 404 &lt;b&gt;</td>');
  expect(page).toContain('unborn');
  expect(page).not.toContain('href="../unborn');
  expect((await sitePages(site)).get('status/index.html')).not.toContain('Failing');
  const own = (await sitePages({ ...site, failing })).get(`${name}/index.html`);
  expect(own).toMatch(
    /<dt>Failing<\/dt>\s*<dd>\s*<span class="version">v9\.9\.9<\/span> since <time>2026-11-20</,
  );
});

it('shows how far an extension is behind that fails in nothing and waits for the next run, and since when', async () => {
  const catalogue = sampleCatalogue;
  const name = catalogue.extensions[0]?.name ?? '';
  const since = '2026-11-20T03:04:05Z';
  const why = 'a run builds no more than 20; the next run builds it';
  const behind = {
    [name]: { versions: 2, newest: 'v1.36.0+k3s1', since, why },
    unborn: { versions: 1, newest: '1.0', since, why },
  };
  const site = { catalogue, extensions: catalogue.extensions.map((published) => ({ published })), now };
  const shown = await sitePages({ ...site, behind });
  const text = (page: string): string =>
    (shown.get(page) ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text('status/index.html')).toContain(
    `Behind upstream Versions waiting for the next run Extension Behind by Up to Since Why ` +
      `${name} 2 versions v1.36.0+k3s1 2026-11-20 ${why} unborn 1 version 1.0 2026-11-20 ${why}`,
  );
  expect(text(`${name}/index.html`)).toContain(
    `Behind by 2 versions since 2026-11-20 , up to v1.36.0+k3s1 : ${why} `,
  );
  const before = await sitePages(site);
  expect(before.get('status/index.html')).not.toContain('Behind');
  expect(before.get(`${name}/index.html`)).not.toContain('Behind');
});
