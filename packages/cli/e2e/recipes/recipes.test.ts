import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Arch } from '@bakery/core/src/names/arch.ts';
import { type CompilerImages, compilerImages } from '@bakery/testbed/containers/compiler-images.ts';
import type { FileFault } from '@bakery/testbed/upstream-mirror/fault.ts';
import {
  type Build,
  type Fixture,
  fixtureFolder,
  loadFixture,
} from '@bakery/testbed/upstream-mirror/fixture.ts';
import { firstProgram } from '@bakery/testbed/upstream-mirror/program-member.ts';
import {
  startUpstreamMirror,
  type UpstreamMirror,
} from '@bakery/testbed/upstream-mirror/start-upstream-mirror.ts';
import { type Built, treeLines, treeText } from '@bakery/testbed/upstream-mirror/tree-listing.ts';
import { unitComplaints } from '@bakery/testbed/upstream-mirror/unit-complaints.ts';
import { bakeryRuns, type BakeryRuns, type Ran } from './bakery-run.ts';

// BAKERY_TREES=write writes recipes/NAME/tree.txt instead of comparing; BAKERY_RECIPES="a b" takes only these.
const isWriting = process.env['BAKERY_TREES'] === 'write';
const only = process.env['BAKERY_RECIPES']?.split(/[ ,]+/);
const recipes = join(import.meta.dirname, '../../../../recipes');
const names = readdirSync(fixtureFolder)
  .map((file) => file.replace(/\.yaml$/, ''))
  .filter((name) => only === undefined || only.includes(name));

// Their upstreams are asked by the real npm and apt.
const real = ['bun', 'deno', 'nodejs', 'tilde'];

it('has an upstream for every recipe', () => {
  const folders = readdirSync(recipes, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const served = readdirSync(fixtureFolder).map((file) => file.replace(/\.yaml$/, ''));
  expect([...served, ...real].toSorted()).toEqual(folders.map((entry) => entry.name).toSorted());
});

/** One store of images for all recipes that compile something; making it is most of their time. */
let images: Promise<CompilerImages> | undefined;
async function containerEnv(name: string): Promise<Record<string, string>> {
  images ??= compilerImages();
  return (await images).envFor([join(recipes, name)]);
}
afterAll(async () => (await images)?.[Symbol.asyncDispose]());

describe.each(names)('recipe %s', (name) => {
  let runs: BakeryRuns;
  let mirror: UpstreamMirror;
  let fixture: Fixture;
  const stack = new AsyncDisposableStack();
  const isCompiled = existsSync(join(recipes, name, 'build.sh'));
  beforeAll(async () => {
    fixture = await loadFixture(name);
    runs = stack.use(await bakeryRuns(recipes, isCompiled ? await containerEnv(name) : {}));
    mirror = stack.use(await startUpstreamMirror([name]));
  });
  afterAll(() => stack.disposeAsync());

  const create = (build: Build, arch: string): Promise<Ran> =>
    runs.run(
      [
        'create',
        name,
        build.version,
        '--arch',
        arch,
        '--compression',
        'gzip',
        ...Object.entries(build.options).map(([option, value]) => `--${option}=${value}`),
      ],
      mirror,
    );

  const createFirst = (): Promise<Ran> => {
    const [first] = buildsOf(fixture);
    if (first === undefined) throw new Error(`${name}: expected a build`);
    return create(first.build, first.arch);
  };

  it('finds the versions that upstream means as releases', async () => {
    const { latest, listed } = fixture.expect;
    const asked = await runs.run(['list', name, '--latest'], mirror);
    expect(asked).toMatchObject({ code: 0, out: lines(latest) });
    if (listed === undefined) return;
    const all = await runs.run(['list', name], mirror);
    expect(all).toMatchObject({ code: 0, out: lines(listed) });
  });

  it('builds what tree.txt says, with units that systemd reads', async () => {
    const built: Built[] = [];
    for (const { build, arch } of buildsOf(fixture)) {
      const ran = await create(build, arch);
      expect(ran).toMatchObject({ code: 0, err: '' });
      const listing = treeLines(join(ran.folder, `${name}.raw`));
      process.stdout.write(`${name} ${build.version} for ${arch}: ${listing.length} entries\n`);
      built.push({ build, arch, lines: listing });
      expect(unitComplaints(join(ran.folder, `${name}.raw`), join(ran.folder, 'unpacked'))).toEqual([]);
    }
    const file = join(recipes, name, 'tree.txt');
    if (isWriting) await writeFile(file, treeText(built));
    expect(treeText(built)).toBe(await readFile(file, 'utf8'));
  });

  describe('with an upstream that fails', () => {
    const faults: readonly FileFault[] = ['wrong checksum', 'missing member', 'moved', 'truncated'];
    let fetched: readonly Served[];
    beforeAll(async () => {
      const before = mirror.log.length;
      expect(await createFirst()).toMatchObject({ code: 0 });
      const asked = mirror.log.slice(before);
      fetched = servedBy(mirror).filter(({ url, isRepository }) =>
        asked.some((one) => (isRepository ? one.startsWith(`${url}/`) : one === url)),
      );
    });

    it.each(faults)('stops at a file with a fault: %s', async (fault) => {
      const { url, program, hasNoHash } = victim(fault, fetched);
      const { unproved = hasNoHash ? 'its signature is the proof' : undefined } = fixture.expect;
      if (fault === 'wrong checksum' && unproved !== undefined) {
        process.stdout.write(`${name}: no checksum that could be wrong: ${unproved}\n`);
        return;
      }
      const lacksMember = fault === 'missing member' && program !== undefined;
      mirror.spoil(url, fault === 'missing member' && !lacksMember ? 'missing entry' : fault);
      try {
        const { code, err } = await createFirst();
        expect({ code, bug: err.includes('bug') }).toEqual({ code: 1, bug: false });
        expect(err).toMatch(complaint[fault]);
        expect(err).toContain(lastPart(lacksMember ? program : url));
      } finally {
        mirror.heal();
      }
    });
  });
});

/** What a build fetches: a file, or the files of a commit. */
interface Served {
  readonly url: string;
  /** Member that `missing member` moves away; none in a single file. */
  readonly program: string | undefined;
  readonly isRepository: boolean;
  /** A signature is all that proves it. */
  readonly hasNoHash: boolean;
}

function servedBy({ assets, repositories }: UpstreamMirror): Served[] {
  return [
    ...assets.map(({ url, signature, sums, download: { members = {} } }) => ({
      url,
      program: firstProgram(members),
      isRepository: false,
      hasNoHash: signature !== undefined && sums.length === 0,
    })),
    ...repositories.map(({ url, files }) => ({
      url,
      program: firstProgram(files),
      isRepository: true,
      hasNoHash: false,
    })),
  ];
}

/** Ours, and for sources what git and make say below our line. */
const complaint: Readonly<Record<FileFault, RegExp>> = {
  'wrong checksum': /expected sha(256|512)|\.git .*git ended .*\n.*(inflate|corrupt)/,
  'missing member': /expected .*(got|found) |require |run build\.sh: ended /,
  'missing entry': /expected /,
  moved: /expected .*got (404|no such file)|404|\.git .*git ended .*\n.*not found/,
  truncated: /expected |cannot be read|ended|truncated|damaged/,
};

/** The first file of a build: an archive when a member is to go. */
function victim(fault: FileFault, fetched: readonly Served[]): Served {
  const archive = fetched.find(({ program }) => program !== undefined);
  const found = (fault === 'missing member' ? archive : undefined) ?? fetched[0];
  if (found === undefined) throw new Error('expected the build to fetch something');
  return found;
}

function buildsOf(fixture: Fixture): { readonly build: Build; readonly arch: Arch }[] {
  const builds = fixture.builds ?? fixture.versions.map((version) => ({ version, options: {} }));
  return builds.flatMap((build: Build) =>
    (build.arches ?? Arch.options.filter((arch) => fixture.arch[arch] !== undefined)).map((arch) => ({
      build,
      arch,
    })),
  );
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function lastPart(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
