import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Catalogue } from '@bakery/core/src/catalogue/schema.ts';
import { loadRecipeBook, type RecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { snippets } from '@bakery/install/snippets.ts';
import { ignition, prepareButane } from '@bakery/install/testing/ignition.ts';
import { offersOf } from '../src/offers.ts';
import { writeSite } from '../src/write-site.ts';
import { openPage, startBrowser } from '../testing/browser.ts';
import { largeCatalogue } from '../testing/large-catalogue.ts';
import { violations } from '../testing/violations.ts';

const names = ['bun', 'containerd', 'docker', 'k3s', 'kubernetes', 'nginx-not-here', 'scx'];
const pages = ['index', 'kubernetes/index', 'compose/index', 'status/index', 'keys/index'];

let stack: AsyncDisposableStack;
let recipes: RecipeBook;
let catalogue: Catalogue;
let browser: Browser;
/** The same site from a folder, from the top of a server and from below it. */
let bases: Readonly<Record<'folder' | 'top' | 'sub', string>>;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'site-')));
  recipes = await loadRecipeBook([join(import.meta.dirname, '../../../recipes')]);
  const known = names.filter((name) => recipes.names.includes(name));
  catalogue = largeCatalogue(await Promise.all(known.map((name) => recipes.find(name))), 8);
  const site = join(folder, 'sub/path');
  await mkdir(site, { recursive: true });
  const since = '2026-11-20T03:17:00.000Z';
  const behind = { docker: { versions: 3, newest: '99.1.0', since, why: 'the next run builds it' } };
  const failing = { bun: { version: '1.0.99', since, why: 'expected a file, got 404' } };
  await writeSite(site, { catalogue, recipes, now: Date.parse('2026-11-27'), behind, failing });
  const [top, sub] = [stack.use(await serveFolder(site)), stack.use(await serveFolder(folder))];
  bases = { folder: `${pathToFileURL(site).href}/`, top: top.url, sub: `${sub.url}sub/path/` };
  browser = stack.adopt(await startBrowser(), (started) => started.close());
  await prepareButane();
});
afterAll(() => stack.disposeAsync());

const looks = {
  'a wide screen': {},
  'the dark': { colorScheme: 'dark' },
  'a narrow screen': { viewport: { width: 360, height: 740 } },
} as const;

describe('each page', () => {
  it.each(['folder', 'top', 'sub'] as const)(
    'works from the %s without an error or a foreign request',
    async (from) => {
      await using opened = await openPage(browser, bases[from]);
      for (const name of pages) {
        await opened.page.goto(`${bases[from]}${name}.html`);
        expect(await opened.page.title()).toContain('System extensions');
      }
      await opened.page.getByRole('link', { name: 'Sysext Bakery' }).click();
      await opened.page.getByRole('link', { name: 'k3s' }).click();
      await expect(opened.page.locator('h1').textContent()).resolves.toBe('k3s');
      expect(opened.wrong).toEqual([]);
    },
  );

  it.each(['a wide screen', 'the dark', 'a narrow screen'] as const)(
    'has nothing axe objects to, fits and stays where it is, on %s',
    async (look) => {
      await using opened = await openPage(browser, bases.top, looks[look]);
      for (const name of pages) {
        await opened.page.goto(`${bases.top}${name}.html`);
        expect({ name, violations: await violations(opened.page) }).toEqual({ name, violations: [] });
        expect(await opened.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
        expect(await opened.page.evaluate(shifts)).toBe(0);
      }
      expect(opened.wrong).toEqual([]);
    },
  );

  it('says of an extension that it is behind or fails, on its page and among all', async () => {
    await using opened = await openPage(browser, bases.top);
    const { page } = opened;
    await page.goto(`${bases.top}index.html`);
    await page.getByRole('link', { name: 'Status' }).click();
    const late = page.getByRole('table', { name: 'Versions waiting for the next run' });
    await expect(late.getByRole('row').nth(1).innerText()).resolves.toMatch(
      /docker\s+3 versions\s+99\.1\.0\s+2026-11-20\s+the next run builds it/,
    );
    await late.getByRole('link', { name: 'docker' }).click();
    await expect(page.locator('dl.about').innerText()).resolves.toMatch(/3 versions since 2026-11-20/);
    await page.goto(`${bases.top}bun/index.html`);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'why' }).click();
    await expect(page.locator('h2').first().innerText()).resolves.toBe('Failing');
    expect(opened.wrong).toEqual([]);
  });

  it('can be read without JavaScript, and shows no control that would need it', async () => {
    await using opened = await openPage(browser, bases.top, { javaScriptEnabled: false });
    const { page } = opened;
    await page.goto(`${bases.top}index.html`);
    expect(await page.locator('#query').isVisible()).toBe(false);
    await page.getByRole('link', { name: 'kubernetes' }).click();
    expect(await page.locator('#version').isVisible()).toBe(false);
    await page.getByText('Fedora CoreOS', { exact: true }).click();
    expect(await page.locator('#text-fcos').isVisible()).toBe(true);
    expect(await page.locator('#text-flatcar').isVisible()).toBe(false);
    expect(await page.getByRole('heading', { name: 'Read me' }).isVisible()).toBe(true);
    await page.goto(`${bases.top}compose/index.html`);
    expect(await page.getByText('This page needs JavaScript').isVisible()).toBe(true);
  });
});

describe('the first page', () => {
  it('finds as one types, by words of the summary too, and says how many', async () => {
    await using opened = await openPage(browser, bases.folder);
    const { page } = opened;
    await page.goto(`${bases.folder}index.html`);
    await page.getByLabel('Search').pressSequentially('small KUBERNETES');
    expect(await shown(page)).toEqual(['k3s']);
    expect(await page.getByRole('status').textContent()).toBe('1 of 6 extensions');
    await page.getByLabel('Search').fill('nothing like it');
    expect(await page.getByText('Nothing fits.').isVisible()).toBe(true);
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Starts by itself').check();
    expect(await shown(page)).toEqual(['containerd', 'docker', 'kubernetes']);
    await page.getByLabel('Licence').selectOption('Apache-2.0');
    expect(await shown(page)).toEqual(['kubernetes']);
  });

  it('is enough with a keyboard alone, down to a copied snippet', async () => {
    await using opened = await openPage(browser, bases.top, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page } = opened;
    await page.goto(`${bases.top}index.html`);
    await tabTo(page, '#query');
    await page.keyboard.type('small kube');
    await tabTo(page, 'a[href="k3s/index.html"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/k3s/index.html');
    await tabTo(page, '#way-flatcar');
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press('ArrowRight');
    expect(await page.locator('#text-shell').isVisible()).toBe(true);
    await tabTo(page, '#panel-shell .copy');
    await page.keyboard.press('Enter');
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      await page.locator('#text-shell').textContent(),
    );
  });
});

describe('the page of an extension', () => {
  it.each(['k3s', 'docker'])(
    'has for each version, stream and architecture of %s what the generator writes',
    async (name) => {
      const published = catalogue.extensions.find((one) => one.name === name);
      if (published === undefined) throw new Error(`expected ${name}`);
      const offers = await offersOf({ published, recipe: await recipes.find(name) }, catalogue);
      await using opened = await openPage(browser, bases.folder);
      const { page } = opened;
      await page.goto(`${bases.folder}${name}/index.html`);
      const options = await page.locator('#version option').evaluateAll((all) =>
        all.map((one) => ({
          value: one.getAttribute('value') ?? '',
          stream: one.getAttribute('data-stream'),
        })),
      );
      expect(options.length).toBeGreaterThan(8);
      for (const [index, { value, stream }] of options.entries()) {
        for (const arch of ['x86-64', 'arm64'] as const) {
          await page.locator('#version').selectOption({ index });
          await page.locator('#arch').selectOption(arch);
          const offer = offers.find((one) => one.version === value && one.arch === arch);
          if (offer === undefined) throw new Error(`expected ${value} for ${arch}`);
          const kept = stream !== null;
          for (const { id, text } of snippets(inStream(offer.installable, stream), kept))
            expect({ id, text: await page.locator(`#text-${id}`).textContent() }).toEqual({ id, text });
        }
      }
      const yaml = (await page.locator('#text-flatcar').textContent()) ?? '';
      const { storage } = await ignition(yaml, name);
      expect(storage?.files?.[0]?.contents.source).toBe(offers.at(-1)?.installable.image.url);
      expect(opened.wrong).toEqual([]);
    },
  );
});

describe('the composer', () => {
  it('makes one configuration that butane takes, and says what does not go together', async () => {
    await using opened = await openPage(browser, bases.folder);
    const { page } = opened;
    await page.goto(`${bases.folder}compose/index.html`);
    await page.getByLabel('docker').check();
    await page.getByLabel('kubernetes').check();
    expect(await page.getByRole('listitem').filter({ hasText: 'not go together' }).count()).toBe(0);
    for (const variant of ['flatcar', 'fcos']) {
      await page.getByLabel('System').selectOption(variant);
      await page.getByLabel('Architecture').selectOption('arm64');
      const yaml = (await page.locator('#composed').textContent()) ?? '';
      const { storage, systemd } = await ignition(yaml, variant);
      const paths = storage?.files?.map(({ path }) => path) ?? [];
      expect(paths).toContain('/opt/extensions/docker/docker-1.1.3-arm64.raw');
      expect(paths).toContain('/etc/sysupdate.kubernetes.d/kubernetes.conf');
      expect(paths).toEqual([...new Set(paths)]);
      const service = systemd?.units.find((unit) => unit.name === 'systemd-sysupdate.service');
      expect(service?.dropins?.map((dropin) => dropin.name)).toEqual(['docker.conf', 'kubernetes.conf']);
    }
    await page.getByLabel('k3s').check();
    const remarks = (await page.locator('#remarks li').allTextContents()).join('\n');
    expect(remarks.match(/\bk3s\b.*kubernetes|kubernetes.*\bk3s\b/g)).toEqual([
      'k3s does not go together with kubernetes',
    ]);
    await page.getByLabel('containerd').check();
    await page.getByLabel('System').selectOption('flatcar');
    await ignition((await page.locator('#composed').textContent()) ?? '', 'with masks that two want');
    expect(opened.wrong).toEqual([]);
  });
});

/** What a stream changes: the pattern of the transfer file. */
function inStream<T extends { readonly name: string; readonly transfer: object }>(
  installable: T,
  stream: string | null,
): T {
  const { name, transfer } = installable;
  if (!stream || !('inline' in transfer)) return installable;
  const inline = String(transfer.inline).replaceAll(`${name}-@v`, `${name}-${stream}@v`);
  return { ...installable, transfer: { inline } };
}

async function shown(page: Page): Promise<readonly string[]> {
  return page.locator('#extensions tbody tr:visible th a').allTextContents();
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`expected to come to ${selector} by Tab`);
}

const shifts = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const { value } of list.getEntries()) sum += value; })
    .observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => setTimeout(() => resolve(sum), 50));
})`;
