import { execFile } from 'node:child_process';
import { cp, mkdtempDisposable, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runStep, type StepResult } from '../testing/run-entry.ts';

const here = join(import.meta.dirname, '../../..');

let world: ExampleBakery;
/** What a published tag holds of the bakery, as far as it matters. */
let tag: Awaited<ReturnType<typeof mkdtempDisposable>>;
const quick = { compression: 'gzip', level: '1' };

beforeAll(async () => {
  tag = await mkdtempDisposable(join(tmpdir(), 'actions-tag-'));
  for (const folder of ['scripts', 'recipes'])
    await cp(join(here, folder), join(tag.path, folder), { recursive: true });
  await promisify(execFile)(process.execPath, [join(here, 'scripts/bundle.ts'), join(tag.path, 'dist')]);
  world = await exampleBakery();
  await world.putOut('alpha', '1.0.0');
  await world.putOut('alpha', '1.1.0');
  await world.putOut('beta', 'v2.0.0');
  await world.write('release_build_versions.txt', 'alpha latest\nalpha 1.0.0\nbeta latest\n');
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await tag[Symbol.asyncDispose]();
});

function step(entry: string, inputs: Record<string, string> = {}): Promise<StepResult> {
  return runStep({
    entry,
    cwd: world.folder,
    env: world.env,
    root: tag.path,
    inputs: { store: 'dir:store', ...inputs },
  });
}

describe('check-releases', () => {
  it('puts out one build an arch and one release a version', async () => {
    const { code, outputs, summary } = await step('check-releases', { extensions: 'alpha' });
    expect(code).toBe(0);
    const build = { extension: 'alpha', version: '1.1.0', options: 'greeting=hello' };
    expect(JSON.parse(outputs['builds'] ?? '').slice(0, 2)).toEqual([
      { ...build, arch: 'x86-64', runner: 'ubuntu-24.04' },
      { ...build, arch: 'arm64', runner: 'ubuntu-24.04-arm' },
    ]);
    expect(JSON.parse(outputs['releases'] ?? '')).toEqual([
      { extension: 'alpha', version: '1.1.0', artifacts: 'alpha@1.1.0@{x86-64,arm64}', index: false },
      { extension: 'alpha', version: '1.0.0', artifacts: 'alpha@1.0.0@{x86-64,arm64}', index: true },
    ]);
    expect(outputs['has-builds']).toBe('true');
    expect(summary).toContain('| alpha | 1.1.0 | latest | x86-64, arm64 |');
  });

  it('builds all arches of a version where max-builds is 1', async () => {
    const { outputs } = await step('check-releases', { 'max-builds': '1', extensions: 'alpha' });
    const arches = JSON.parse(outputs['builds'] ?? '').map((one: { readonly arch: string }) => one.arch);
    expect(arches).toEqual(['x86-64', 'arm64']);
    expect(JSON.parse(outputs['deferred'] ?? '')).toHaveLength(1);
  });

  it('defers whole versions that do not fit into max-builds', async () => {
    const { outputs, summary } = await step('check-releases', { 'max-builds': '2' });
    expect(JSON.parse(outputs['builds'] ?? '')).toHaveLength(4);
    expect(JSON.parse(outputs['deferred'] ?? '')).toEqual([
      {
        extension: 'alpha',
        version: '1.0.0',
        why: 'a run builds no more than 2; the next run builds it',
      },
    ]);
    expect(summary).toContain('Deferred to the next run');
  });

  it.each([
    [{ revise: 'a fix' }, 'input revise: expected EXT:VERSION in extensions, got none'],
    [{ revise: 'a fix', extensions: 'beta' }, 'expected EXT:VERSION to revise, got "beta"'],
    [
      { revise: 'a fix', extensions: 'beta:v2.0.0' },
      'beta: expected a published version to revise, got "v2.0.0"',
    ],
  ])('revises nothing for %j', async (inputs, message) => {
    const { code, log } = await step('check-releases', inputs);
    expect(code).toBe(1);
    expect(log).toContain(message);
  });

  it('goes red for a recipe that is broken and still puts out the others', async () => {
    await world.write(
      'recipes/delta/recipe.yaml',
      'recipe: 1\nname: delta\nsurprise: |\n  ::set-output name=x::y\n',
    );
    const { code, outputs, log, summary } = await step('check-releases', { extensions: 'delta beta' });
    await rm(join(world.folder, 'recipes/delta'), { recursive: true });
    expect(code).toBe(1);
    expect(JSON.parse(outputs['releases'] ?? '')).toEqual([
      { extension: 'beta', version: 'v2.0.0', artifacts: 'beta@v2.0.0@{x86-64,arm64}', index: true },
    ]);
    expect(log).toMatch(/^::error file=recipes\/delta\/recipe\.yaml,line=\d+,col=\d+::delta: /m);
    expect(summary).toContain('| delta |');
  });

  it.each([
    ['version', { version: '1.0' }, 'input version: expected the extensions it is meant for'],
    [
      'max-builds',
      { 'max-builds': '257' },
      'input max-builds: expected a whole number from 1 to 256, got "257"',
    ],
    ['force', { force: 'yes' }, 'input force: expected true or false, got "yes"'],
  ])('says what is wrong with the input %s', async (_name, inputs, message) => {
    const { code, log } = await step('check-releases', inputs);
    expect(code).toBe(1);
    expect(log).toContain(`::error::${message}`);
  });

  it.each(['1.0$(touch pwned)', '1.0\n::error::mine', '1.0|<script>alert(1)</script>', '`id`'])(
    'refuses the version %j without running, showing or publishing it',
    async (version) => {
      const { code, outputs, log, summary } = await step('check-releases', { extensions: 'alpha', version });
      expect(code).toBe(1);
      expect(outputs['builds']).toBe('[]');
      expect(log).not.toMatch(/^::error::mine/m);
      expect(summary).not.toMatch(/<script>|`id`/);
      expect(await readdir(world.folder)).not.toContain('pwned');
    },
  );
});

describe('build-sysext, publish-release and update-metadata', () => {
  it('publish what two jobs built, once, and list it', async () => {
    for (const arch of ['x86-64', 'arm64']) {
      const built = await step('build-sysext', { ...quick, recipe: 'alpha', version: '1.1.0', arch });
      expect(built).toMatchObject({ code: 0, outputs: { name: 'alpha', version: '1.1.0', arch } });
      expect(built.outputs['path']).toBe(`images/alpha-1.1.0-${arch}.raw`);
      expect(built.summary).toContain(built.outputs['sha256']);
    }
    const inputs = { recipe: 'alpha', version: '1.1.0' };
    expect((await step('publish-release', inputs)).outputs).toEqual({
      result: 'published',
      tag: 'alpha-1.1.0',
    });
    const late = await step('publish-release', inputs);
    expect(late).toMatchObject({ code: 0, outputs: { result: 'exists' } });
    expect(late.log).toContain('alpha-1.1.0 was published already, before this run or by a faster one');
    expect((await readdir(join(world.folder, 'store/alpha-1.1.0'))).toSorted()).toEqual([
      'SHA256SUMS',
      'alpha-1.1.0-arm64.raw',
      'alpha-1.1.0-x86-64.raw',
      'alpha-1.1.0.cdx.json',
      'alpha-1.1.0.inputs.json',
      'alpha-v1.conf',
      'alpha-v1.transfer',
      'alpha.conf',
      'alpha.transfer',
    ]);
    const first = await step('update-metadata', { extensions: '["alpha"]' });
    expect(JSON.parse(first.outputs['written'] ?? '')).toEqual(['alpha', 'SHA256SUMS']);
    expect((await step('update-metadata', { extensions: 'all' })).outputs['written']).toBe('[]');
  });

  it('replace an image of an earlier run, and nothing of somebody else', async () => {
    const inputs = { ...quick, recipe: 'alpha', version: '1.1.0', arch: 'x86-64', folder: 'own' };
    for (const _ of ['new', 'again']) expect((await step('build-sysext', inputs)).code).toBe(0);
    const image = join(world.folder, 'own/alpha-1.1.0-x86-64.raw');
    await writeFile(image, 'a disk of mine');
    const { code, log } = await step('build-sysext', inputs);
    expect(code).toBe(1);
    expect(log).toContain(
      'alpha-1.1.0-x86-64.raw: expected nothing of that name, or what an earlier run left',
    );
    expect(await readFile(image, 'utf8')).toBe('a disk of mine');
    expect((await readdir(join(world.folder, 'own'))).toSorted()).toEqual([
      'alpha-1.1.0-x86-64.inputs.json',
      'alpha-1.1.0-x86-64.raw',
    ]);
  });

  it('skip or refuse a version that lacks an arch', async () => {
    await step('build-sysext', { ...quick, recipe: 'beta', version: 'latest', folder: 'half' });
    const inputs = { recipe: 'beta', version: 'v2.0.0', folder: 'half' };
    const skipped = await step('publish-release', { ...inputs, incomplete: 'skip' });
    expect(skipped).toMatchObject({ code: 0, outputs: { result: 'incomplete' } });
    expect(skipped.log).toContain('::warning::beta-v2.0.0 is not published: no image for arm64');
    const failed = await step('publish-release', inputs);
    expect(failed.code).toBe(1);
    expect(failed.log).toContain('expected images for x86-64 and arm64');
  });

  it('refuse images that are not what their record says, or not made alike', async () => {
    const inputs = { ...quick, recipe: 'beta', version: 'v2.0.0', folder: 'odd' };
    const publish = () => step('publish-release', { recipe: 'beta', version: 'v2.0.0', folder: 'odd' });
    await step('build-sysext', { ...inputs, arch: 'x86-64' });
    await step('build-sysext', { ...inputs, arch: 'arm64', options: 'greeting=hi' });
    expect((await publish()).log).toContain('expected the same options for all arches');
    await step('build-sysext', { ...inputs, arch: 'arm64' });
    await writeFile(join(world.folder, 'odd/beta-v2.0.0-arm64.raw'), 'something else');
    expect((await publish()).log).toContain('beta-v2.0.0-arm64.raw: expected');
    expect(await readdir(join(world.folder, 'store'))).not.toContain('beta-v2.0.0');
  });
});

describe('publish-release of artifacts', () => {
  it('takes those of its own build jobs, and nothing another job called almost the same', async () => {
    const folder = 'artifacts';
    const build = (arch: string, recipe = 'beta', as = recipe) =>
      step('build-sysext', {
        ...quick,
        recipe,
        version: 'latest',
        arch,
        folder: `${folder}/${as}@v2.0.0@${arch}`,
      });
    const publish = () =>
      step('publish-release', {
        recipe: 'beta',
        version: 'v2.0.0',
        folder,
        artifacts: 'true',
        incomplete: 'skip',
      });
    await build('x86-64');
    expect((await publish()).outputs['result']).toBe('incomplete');
    await build('arm64', 'alpha', 'beta');
    const replaced = await publish();
    expect(replaced.code).toBe(1);
    expect(replaced.log).toContain('got "beta@v2.0.0@arm64/alpha-1.1.0-arm64.inputs.json"');
    await rm(join(world.folder, folder, 'beta@v2.0.0@arm64'), { recursive: true });
    await build('arm64');
    await build('arm64', 'alpha', 'beta@v2.0.0@x86-64');
    expect((await publish()).log).toContain('got "beta@v2.0.0@x86-64@v2.0.0@arm64"');
    await rm(join(world.folder, folder, 'beta@v2.0.0@x86-64@v2.0.0@arm64'), { recursive: true });
    expect(await readdir(join(world.folder, 'store'))).not.toContain('beta-v2.0.0');
    const other = join(world.folder, 'elsewhere');
    await cp(join(world.folder, folder), join(other, folder), { recursive: true });
    await writeFile(join(other, folder, 'beta@v2.0.0@arm64/beta-v2.0.0-arm64.raw'), 'something else');
    const odd = { recipe: 'beta', version: 'v2.0.0', folder: `elsewhere/${folder}`, artifacts: 'true' };
    expect((await step('publish-release', odd)).log).toContain('as recorded');
    expect((await publish()).outputs['result']).toBe('published');
    await rm(join(world.folder, 'store/beta-v2.0.0'), { recursive: true });
  });
});

describe('the umbrella', () => {
  it('bakes and publishes a recipe by its path', async () => {
    const inputs = { ...quick, recipe: './recipes/beta', publish: 'true', folder: 'all' };
    const { code, outputs, summary } = await step('bake', inputs);
    expect({ code, result: outputs['result'] }).toEqual({ code: 0, result: 'published' });
    expect(outputs['paths']).toBe('all/beta-v2.0.0-x86-64.raw\nall/beta-v2.0.0-arm64.raw');
    expect(summary).toContain('metadata written');
    const index = await readFile(join(world.folder, 'store/beta/SHA256SUMS'), 'utf8');
    expect(index.split('\n').filter((line) => line !== '')).toHaveLength(2);
  });
});

it('revises a published version, and says why in its record', async () => {
  const why = 'a unit was missing';
  const { outputs } = await step('check-releases', { extensions: 'beta:2.0.0', revise: why });
  const builds = z.array(z.record(z.string(), z.string())).parse(JSON.parse(outputs['builds'] ?? ''));
  expect(builds.map(({ version, revise }) => [version, revise])).toEqual([
    ['v2.0.0-r1', why],
    ['v2.0.0-r1', why],
  ]);
  for (const { extension: recipe = '', version = '', arch = '', revise = '' } of builds)
    await step('build-sysext', { ...quick, recipe, version, arch, revise, folder: 'revised' });
  await step('publish-release', { recipe: 'beta', version: 'v2.0.0-r1', folder: 'revised' });
  const record = join(world.folder, 'store/beta-v2.0.0-r1/beta-v2.0.0-r1.inputs.json');
  expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({ revision: { of: 'v2.0.0', why } });
});
