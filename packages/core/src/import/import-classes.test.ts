import { readdirSync } from 'node:fs';
import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { lintRecipe } from '../recipe/lint.ts';
import { loadRecipe } from '../recipe/load.ts';
import { importScript } from './import-script.ts';

const scripts = join(import.meta.dirname, '../../testing/scripts');
const names = readdirSync(scripts).flatMap((name) => (name.endsWith('.sysext') ? [name.slice(0, -7)] : []));

/** Every extension of flatcar/sysext-bakery, and the scripts here that do what its own does. */
const extensions: Readonly<Record<string, readonly string[]>> = {
  bird: ['gitlab', 'compiled'],
  btop: ['wrapped'],
  chrony: ['gitlab', 'compiled'],
  cilium: ['flat', 'static'],
  'cloud-hypervisor': ['pair'],
  coder: ['sums-and-find', 'sums', 'found'],
  consul: ['cursor', 'zipped'],
  containerd: ['raw-version', 'globbed'],
  crio: ['installer', 'edited'],
  dataplaneapi: ['sums-and-find'],
  docker: ['html-index', 'globbed'],
  'docker-buildx': ['asset-names', 'renamed'],
  'docker-compose': ['asset-names', 'renamed'],
  falco: ['moved', 'stripped'],
  haproxy: ['two-level'],
  ig: ['two-archives'],
  k3s: ['suffix', 'static'],
  'kata-containers': ['digest', 'opt-tree'],
  keepalived: ['tagged', 'compiled'],
  kubernetes: ['schedule', 'several'],
  llamaedge: ['required'],
  nebula: ['anchored', 'flat'],
  nerdctl: ['optional', 'picked'],
  nomad: ['zipped', 'zip-to'],
  'nvidia-runtime': ['submodules', 'debian'],
  ollama: ['by-version', 'sums'],
  opkssh: ['binary'],
  rke2: ['per-minor', 'removed'],
  scx: ['compiled', 'direct'],
  tailscale: ['edited', 'stripped'],
  tilde: ['relocated'],
  vault: ['cursor'],
  wasmcloud: ['by-major', 'second'],
  wasmedge: ['globbed', 'by-version'],
  wasmtime: ['members'],
};

const elsewhere = {
  asking: 'what is asked of upstream is asked by the recipe now, whatever the script did',
  building: 'how something is compiled is written again',
  fetching: 'the bakery fetches by itself, with retries, and records what came',
  documents: 'about documents or tests, which are no part of a script',
  upstream: 'about one upstream, whose scripts look like others',
  units: 'about the text of a unit, which is copied as it is',
};

/** The mistakes of its scripts, numbered as they were found, and the scripts here that make them too. */
const mistakes: Readonly<Record<string, readonly string[] | keyof typeof elsewhere>> = {
  'first page only': ['gitlab'],
  'no filter of tags': ['gitlab'],
  'pages of 30': 'asking',
  'a loop that ends at the first gap': ['per-minor'],
  'a schedule kept by hand': ['schedule'],
  'one page of a mixed list': ['cursor'],
  'no limit given': ['zipped'],
  'unsorted versions': ['cursor'],
  'a number of minors by hand': ['raw-version'],
  'an index scraped for one architecture': ['html-index'],
  'versions that cannot be built': ['by-version'],
  'no filter of mixed tags': ['required'],
  'lists one version, builds another': ['wrapped', 'relocated'],
  'minors without files of their own': ['raw-version'],
  'tags without a flag for pre-releases': ['tagged'],
  'two channels in one list': 'upstream',
  'the newest second product at build time': ['second', 'schedule'],
  'no check though upstream has sums': ['binary', 'zipped', 'two-archives'],
  'sums matched anywhere in a line': ['sums', 'by-version'],
  'a sidecar that holds a base name': ['flat', 'raw-version'],
  'a missing digest that only warns': ['digest'],
  'a tag cloned, no commit recorded': ['submodules'],
  'images without a digest': ['two-level', 'wrapped', 'compiled'],
  'retries here and there': 'fetching',
  'a /usr/sbin in the image': ['mistaken'],
  'units that name /usr/sbin': ['mistaken', 'edited'],
  'a drop-in without .conf': ['mistaken'],
  'an option that removes what is not there': ['html-index'],
  'a path without a slash': ['mistaken'],
  'a network of somebody else': 'units',
  'a configuration for other versions': ['by-major'],
  'an install script of upstream': ['installer'],
  'a mistyped folder': ['mistaken'],
  'a layout that upstream leaves': ['digest'],
  'a mistyped boolean': ['mistaken'],
  'arguments in braces': 'units',
  'a user nobody makes': ['cursor'],
  'nothing that starts a unit': ['sums-and-find'],
  'a unit that runs as root': 'units',
  'both a link and UpheldBy': ['cursor'],
  'after the network, wanting none': ['mistaken'],
  'the wrong type of a unit': 'units',
  'folders nobody makes': 'units',
  'files in /usr/local': ['asset-names', 'mistaken'],
  'the same path in two extensions': ['html-index', 'raw-version'],
  'upstream’s file over a static one': ['mistaken'],
  'the first file of a name': ['found', 'sums-and-find'],
  'an edit that finds nothing': ['edited'],
  'an option by another name': ['chosen'],
  'a mandatory option': ['required'],
  'sysupdate files by the script': ['per-minor'],
  'a group mapped as a user': 'building',
  'libraries of any folder': 'building',
  'flags copied from elsewhere': 'building',
  'empty tests': 'documents',
  'links to units elsewhere': 'documents',
  'decimal modes': 'documents',
  'broken snippets': 'documents',
  'files never published': 'documents',
  'an address without its tag': 'documents',
  'a component of another extension': 'documents',
  'three habits of naming': 'documents',
  'state in /tmp': 'documents',
  'no noop.conf': 'documents',
  'a default that is none': 'documents',
  'names with underscores': 'documents',
  'versions in documents that drift': 'documents',
};

/** About the importer itself. */
const others = [
  'signed-bundle',
  'signed-openly',
  'signed-sums',
  'endless',
  'gzipped',
  'heredoc',
  'hostile',
  'unread',
  'whole-folder',
  'picked',
];

it('has a script for every extension of the reference, and for every mistake a script can make', () => {
  const found = Object.values(mistakes).flatMap((where) => (typeof where === 'string' ? [] : where));
  const used = new Set([...Object.values(extensions).flat(), ...found, ...others]);
  expect([...used].toSorted()).toEqual(names.toSorted());
  expect(Object.keys(extensions)).toHaveLength(35);
  expect(Object.keys(mistakes)).toHaveLength(67);
});

it('hands mistakes of a script to lint', async () => {
  const context = { exec: spawnExec(process.env), path: process.env['PATH'] ?? '' };
  const { files, links, left } = await importScript(join(scripts, 'mistaken.sysext'), [], context);
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'mistaken-'));
  const folder = join(temporary.path, 'mistaken');
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  for (const { path, to } of links) await symlink(to, join(folder, path));
  const codes = (await lintRecipe(await loadRecipe(folder))).map(({ code }) => code);
  expect(codes).toEqual(
    expect.arrayContaining([
      'lint.no-sbin',
      'lint.no-usr-local',
      'lint.drop-in',
      'lint.reload',
      'lint.network-online',
    ]),
  );
  expect(left).toContain(
    'files/usr/lib/systemd/system/mistaken.socket: the script removes or changes it; not copied',
  );
});
