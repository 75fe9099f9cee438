import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The browser of this machine, talking to nobody by itself. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await program(['chromium', 'google-chrome']),
    args: [
      '--no-sandbox', // tests run as root
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

async function program(names: readonly string[]): Promise<string> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(`expected one of ${names.join(', ')} on the PATH, found none`);
}

/** A page, and whatever went wrong in it: errors, requests to anybody but `base`. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  readonly wrong: readonly string[];
}

export async function openPage(
  browser: Browser,
  base: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) wrong.push(`asked for ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left waits for nothing any more.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') wrong.push(`${request.url()}: ${why}`);
  });
  return { page, wrong, [Symbol.asyncDispose]: () => context.close() };
}
