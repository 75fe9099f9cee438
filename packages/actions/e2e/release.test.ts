import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { sha256 } from '@bakery/core/testing/sample-releases.ts';
import { openPage, startBrowser } from '@bakery/site/testing/browser.ts';
import { violations } from '@bakery/site/testing/violations.ts';
import { startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { deployStandIn } from './deploy-stand-in.ts';
import { fork, repository, token, type Fork } from './fork.ts';

let world: ExampleBakery;
let bakery: Fork;
/** Milliseconds that GitHub’s clock is ahead. */
let ahead = 0;

beforeAll(async () => {
  world = await exampleBakery();
  await world.putOut('alpha', '1.0.0');
  await world.putOut('beta', 'v2.0.0');
  // Takes whatever upstream calls a version.
  const recipe = join(world.folder, 'recipes/alpha/recipe.yaml');
  const strict = await readFile(recipe, 'utf8');
  await writeFile(recipe, strict.replace('  from: http\n', "  from: http\n  form: '.+'\n"));
  await world.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
  await world.write('bakery.yaml', 'recipes: [recipes]\nattest: required\nrebuild: off\n');
  const { BAKERY_MIRRORS = '', BAKERY_CACHE = '', HOME = '' } = world.env;
  const env = { BAKERY_MIRRORS, BAKERY_CACHE, HOME };
  bakery = await fork({ recipes: world.folder, env, bundled: true, clock: () => Date.now() + ahead });
});

afterAll(async () => {
  await bakery[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const tags = (): string[] =>
  bakery.github
    .releases(repository)
    .map(({ tag, draft }) => (draft ? `draft ${tag}` : tag))
    .toSorted();

const failing = async (): Promise<unknown> => {
  const status = await bakery.github.read(repository, 'bakery-status', 'status.json');
  return JSON.parse(status.toString()).failing;
};

const writes = (): number => [...bakery.github.writes().values()].reduce((sum, count) => sum + count, 0);

const hour = 3_600_000;

/** Whoever shares the token uses up its hour. */
async function spendAll(): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'somebody' };
  for (let left = ''; left !== '0';) {
    const answer = await fetch(`${bakery.github.apiUrl}/repos/${repository}`, { headers });
    await answer.body?.cancel();
    left = answer.headers.get('x-ratelimit-remaining') ?? '0';
  }
}

/** Jobs by name, all of them green. */
function succeeded(...jobs: readonly string[]): Record<string, string> {
  return Object.fromEntries(jobs.map((job) => [job, 'success']));
}

describe('release.yaml in a fork', () => {
  it('builds what the release list wants, and leaves it to the next run when GitHub takes no more', async () => {
    let spent: Promise<void> | undefined;
    bakery.github.onRequest(async ({ request: { isWrite } }) => {
      if (!isWrite) return;
      // Both jobs write first at about the same time, and neither gets through.
      spent ??= (async () => {
        ahead += 5 * hour; // The next hour of the token is further away than a job waits.
        await spendAll();
      })();
      await spent;
    });
    const run = await bakery.run('release.yaml');
    expect(run.jobs).toEqual(
      succeeded(
        'Check',
        'Build alpha 1.0.0 x86-64',
        'Build alpha 1.0.0 arm64',
        'Build beta v2.0.0 x86-64',
        'Build beta v2.0.0 arm64',
        'Publish alpha 1.0.0',
        'Publish beta v2.0.0',
        'Metadata',
        'Summary',
        'Site',
      ),
    );
    expect(run.ok).toBe(true);
    expect(run.summary).toContain('0 published, 2 waiting, 0 not published.');
    expect(run.summary).toContain('\n| SHA256SUMS | waits until ');
    expect(tags()).toEqual([]);
  });

  it('publishes the next night what waits, and builds none of it again', async () => {
    ahead += 24 * hour;
    const run = await bakery.run('release.yaml');
    expect(run.jobs).toEqual(
      succeeded('Check', 'Publish alpha 1.0.0', 'Publish beta v2.0.0', 'Metadata', 'Summary', 'Site'),
    );
    expect(run.ok).toBe(true);
    expect(run.summary).toContain('Not deployed&#58; GitHub Pages are off');
    expect(run.summary).toContain('| [alpha-1.0.0](');
    expect(tags()).toEqual(['SHA256SUMS', 'alpha', 'alpha-1.0.0', 'beta', 'beta-v2.0.0']);
    const all = (await bakery.github.read(repository, 'SHA256SUMS', 'SHA256SUMS')).toString();
    for (const [name, version] of [
      ['alpha', '1.0.0'],
      ['beta', 'v2.0.0'],
    ]) {
      const index = (await bakery.github.read(repository, `${name}`, 'SHA256SUMS')).toString();
      for (const arch of ['arm64', 'x86-64']) {
        const image = `${name}-${version}-${arch}.raw`;
        const bytes = await bakery.github.read(repository, `${name}-${version}`, image);
        const line = `${sha256(bytes)}  ${image}\n`;
        expect(index).toContain(line);
        expect(all).toContain(line);
      }
    }
    expect(bakery.github.violations()).toEqual([]);
  });

  it('publishes each version with an attestation of its images, its record and its bill of materials', async () => {
    const bundle = await bakery.github.read(repository, 'alpha-1.0.0', 'alpha-1.0.0.sigstore.json');
    const { dsseEnvelope } = JSON.parse(bundle.toString());
    const { subject } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
    expect(subject.map(({ name }: { readonly name: string }) => name)).toEqual([
      'alpha-1.0.0-arm64.raw',
      'alpha-1.0.0-x86-64.raw',
      'alpha-1.0.0.cdx.json',
      'alpha-1.0.0.inputs.json',
    ]);
  });

  it('writes nothing when there is nothing new', async () => {
    bakery.github.clearLog();
    const run = await bakery.run('release.yaml');
    expect(run.jobs).toEqual({ Check: 'success', Metadata: 'success', Summary: 'success' });
    expect(writes()).toBe(0);
  });

  it('builds exactly the version that is new upstream, with a plus in its name, and deploys its page', async () => {
    await world.putOut('alpha', '1.0.1+k3s1');
    await bakery.commit('bakery.yaml', 'recipes: [recipes]\nattest: required\n');
    bakery.github.repo(repository).pages = 'workflow';
    const pages = await deployStandIn(bakery.folder, world.folder);
    const run = await bakery.run('release.yaml', { actions: pages.actions });
    bakery.github.repo(repository).pages = undefined;
    await bakery.commit('bakery.yaml', 'recipes: [recipes]\nattest: required\nrebuild: off\n');
    expect(await readFile(join(pages.folder, 'alpha/index.html'), 'utf8')).toContain('1.0.1+k3s1');
    expect(Object.keys(run.jobs).toSorted()).toEqual([
      'Build alpha 1.0.1+k3s1 arm64',
      'Build alpha 1.0.1+k3s1 x86-64',
      'Check',
      'Deploy',
      'Metadata',
      'Publish alpha 1.0.1+k3s1',
      'Rebuild alpha 1.0.1+k3s1 arm64',
      'Rebuild alpha 1.0.1+k3s1 x86-64',
      'Site',
      'Summary',
      'Verdicts',
    ]);
    expect(run.ok).toBe(true);
    const catalogue = await bakery.github.read(repository, 'SHA256SUMS', 'catalogue.json');
    const [{ versions }] = JSON.parse(catalogue.toString()).extensions;
    expect(versions[0].rebuild).toMatchObject({ verdict: 'passed' });
    expect(versions[0].images[1].rebuild).toEqual({
      verdict: 'same',
      at: expect.stringMatching(/Z$/),
      machine: expect.stringMatching(/ x86_64$/),
      url: expect.stringMatching(/\/actions\/runs\/\d+$/),
    });
    expect(run.summary).toMatch(/\| alpha \| 1\.0\.1\+k3s1 \| arm64 \| same \| alpha 1\.0\.1\+k3s1 arm64/);
    expect(tags()).toContain('alpha-1.0.1+k3s1');
    const index = (await bakery.github.read(repository, 'alpha', 'SHA256SUMS')).toString();
    expect(index).toMatch(/alpha-1\.0\.0-x86-64\.raw\n[^]*alpha-1\.0\.1\+k3s1-x86-64\.raw\n/);
  });

  it('deploys a site that a browser shows as it stands, with the true hash of an image', async () => {
    // GitHub Pages serve it from below a path.
    await using server = await serveFolder(world.folder);
    const base = `${server.url}pages/`;
    await using browser = await startBrowser();
    await using opened = await openPage(browser, base);
    const { page } = opened;
    for (const name of ['status/', 'keys/', 'compose/', 'alpha/', '']) {
      await page.goto(`${base}${name}`);
      expect({ name, violations: await violations(page) }).toEqual({ name, violations: [] });
    }
    await page.getByLabel('Search').fill('alph');
    await page.getByRole('link', { name: 'alpha' }).click();
    const image = await bakery.github.read(repository, 'alpha-1.0.1+k3s1', 'alpha-1.0.1+k3s1-x86-64.raw');
    expect(await page.locator('#text-flatcar').textContent()).toContain(sha256(image));
    expect(opened.wrong).toEqual([]);
  });

  it('publishes what systemd-sysupdate on a host takes and systemd-sysext merges', async () => {
    await using host = await startHost(await debianRoot());
    const transfer = await bakery.github.read(repository, 'alpha', 'alpha.conf');
    await host.write('/etc/sysupdate.alpha.d/alpha.conf', transfer.toString());
    await host.run('mkdir', ['/etc/extensions']);
    const update = await host.run('systemd-sysupdate', ['-C', 'alpha', 'update']);
    expect(update.code === 0 ? '' : update.stderr).toBe('');
    expect(await host.run('systemd-sysext', ['merge', '--no-reload'])).toMatchObject({ code: 0 });
    expect((await host.run('alpha', [])).stdout).toBe('alpha 1.0.1+k3s1\n');
    expect(await host.run('systemd-sysext', ['unmerge', '--no-reload'])).toMatchObject({ code: 0 });
  });

  it('lands the others when one build fails, says why, and tries again next time', async () => {
    await world.putOut('alpha', '1.1.0');
    await world.putOut('beta', 'v2.1.0');
    world.spoil('alpha', '1.1.0');
    await world.putOut('gamma', '1.0.0');
    const gamma = await readFile(join(world.folder, 'recipes/gamma/recipe.yaml'), 'utf8');
    await bakery.commit('recipes/gamma/recipe.yaml', `${gamma}  - { run: gamma, prints: omega }\n`);
    await bakery.commit('release_build_versions.txt', 'alpha latest\nbeta latest\ngamma latest\n');
    const run = await bakery.run('release.yaml');
    expect(run.ok).toBe(false);
    expect(run.jobs).toMatchObject({
      'Build alpha 1.1.0 x86-64': 'failure',
      'Build gamma 1.0.0 x86-64': 'failure',
      'Build beta v2.1.0 x86-64': 'success',
      'Publish beta v2.1.0': 'success',
      Metadata: 'success',
    });
    expect(run.summary).toContain('alpha-1.1.0 is not published');
    expect(run.summary).toContain('recipes/alpha/recipe.yaml&#58;20&#58;5 https&#58;//alpha.example/1.1.0/');
    expect(run.summary).toMatch(/### Not published\n[^#]*\| alpha \| 1\.1\.0 \| recipes\/alpha/);
    expect(run.log).toContain('::error file=recipes/alpha/recipe.yaml,line=20,col=5::https://alpha.example/');
    expect(tags()).toEqual(expect.arrayContaining(['beta-v2.1.0']));
    expect(tags()).not.toContain('alpha-1.1.0');
    // What fails its test on a host is told with the line that asked for it and what was printed instead.
    const line = gamma.split('\n').length;
    expect(run.summary).toContain(
      `recipes/gamma/recipe.yaml&#58;${line}&#58;5 gamma&#58; expected it to print &#34;omega&#34;, got<br>  gamma 1.0.0<br>`,
    );
    expect(run.log).toContain(
      `::error file=recipes/gamma/recipe.yaml,line=${line},col=5::gamma: expected it`,
    );
    expect(tags()).not.toContain('gamma-1.0.0');
    expect(await failing()).toEqual({
      alpha: expect.objectContaining({ version: '1.1.0' }),
      gamma: expect.objectContaining({ version: '1.0.0' }),
    });
    await bakery.commit('release_build_versions.txt', 'alpha latest\nbeta latest\n');

    await world.mend('alpha', '1.1.0');
    const again = await bakery.run('release.yaml');
    expect(again.ok).toBe(true);
    expect(tags()).toContain('alpha-1.1.0');
    expect(await failing()).toEqual({});
  });

  it('lands the others when a recipe cannot even be checked', async () => {
    await bakery.commit('recipes/broken/recipe.yaml', 'recipe: 1\nname: broken\nversion: 3\n');
    await bakery.commit('release_build_versions.txt', 'alpha latest\nbroken latest\nbeta latest\n');
    await world.putOut('beta', 'v2.1.1');
    const run = await bakery.run('release.yaml');
    expect(run.ok).toBe(false);
    expect(run.jobs).toMatchObject({
      Check: 'failure',
      'Publish beta v2.1.1': 'success',
      Metadata: 'success',
    });
    expect(run.log).toContain('file=recipes/broken/recipe.yaml,line=3,col=1');
    await bakery.commit('release_build_versions.txt', 'alpha latest\nbeta latest\n');
  });

  it('repairs metadata that somebody deleted, byte by byte', async () => {
    const bytes = (tag: string): Promise<Buffer> => bakery.github.read(repository, tag, 'SHA256SUMS');
    const [alpha, all] = await Promise.all([bytes('alpha'), bytes('SHA256SUMS')]);
    const { releases } = bakery.github.repo(repository);
    for (const [id, { tag }] of releases) {
      if (tag === 'alpha' || tag === 'SHA256SUMS') releases.delete(id);
    }
    expect(tags()).not.toContain('alpha');
    const run = await bakery.run('update-all-metadata.yaml');
    expect(run).toMatchObject({ ok: true, jobs: { Metadata: 'success' } });
    expect(await bytes('alpha')).toEqual(alpha);
    expect(await bytes('SHA256SUMS')).toEqual(all);
  });

  it('does nothing but say no to names that would be commands', async () => {
    bakery.github.addRelease(repository, { tag: 'alpha-1.0;touch${IFS}pwned', assets: [{ name: 'x' }] });
    await world.putOut('alpha', '9.9$(touch pwned)');
    await world.putOut('alpha', '9.9`touch pwned`');
    const before = tags();
    const inputs = { extensions: 'alpha', version: '9.9$(touch pwned)"; touch pwned; "' };
    const asked = await bakery.run('release.yaml', { inputs });
    expect(asked).toMatchObject({ ok: false, jobs: { Check: 'failure' } });
    const scheduled = await bakery.run('release.yaml');
    expect(scheduled).toMatchObject({
      ok: true,
      jobs: {
        Check: 'success',
        Metadata: 'success',
        Summary: 'success',
        'Remember what fails': 'success',
      },
    });
    expect(tags()).toEqual(before);
    expect(`${asked.log}${scheduled.log}`).not.toMatch(/^[^:]*: touch:/m);
  });

  it('only looks when told to only look', async () => {
    await world.putOut('beta', 'v3.0.0');
    bakery.github.clearLog();
    const run = await bakery.run('release.yaml', { inputs: { 'dry-run': 'true' } });
    expect(run.jobs).toEqual({ Check: 'success' });
    expect(run.summary).toContain('| beta | v3.0.0 | latest | x86-64, arm64 |');
    expect(writes()).toBe(0);
  });
});
