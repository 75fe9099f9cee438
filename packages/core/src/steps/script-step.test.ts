import { once } from 'node:events';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadImage } from '@bakery/testbed/containers/docker.ts';
import { startEngines, type TestEngine } from '@bakery/testbed/containers/engine.ts';
import { bash } from '@bakery/testbed/containers/image.ts';
import { importImage } from '@bakery/testbed/containers/podman.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { portOf } from '@bakery/testbed/port-of.ts';
import { testContext } from '../../testing/step-context.ts';
import { spawnExec } from '../ports/spawn.ts';
import { createTree } from '../stage/tree.ts';
import { type Engine, engines } from './engine.ts';
import { type Script, scriptStep } from './script-step.ts';

const pinned = `docker.io/library/debian@sha256:${'b'.repeat(64)}`;
const noBash = `docker.io/library/alpine@sha256:${'c'.repeat(64)}`;

let stack: AsyncDisposableStack;
let folder: string;
let started: Readonly<Record<Engine, TestEngine>>;
let bashIn: Readonly<Record<Engine, string>>;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'scripts-'))).path;
  started = await startEngines(folder, stack);
  bashIn = {
    podman: await importImage(started.podman, bash, machineArch),
    docker: await loadImage(started.docker, bash, { arch: machineArch, folder }),
  };
});
afterAll(() => stack.disposeAsync());

interface Setting {
  readonly engine?: Engine;
  readonly files?: Readonly<Record<string, string>>;
  /** Variables of the bakery. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a step with create.sh of this text, and with other files beside it. */
async function run(
  text: string,
  step: Partial<Script> = {},
  { engine = 'podman', files = {}, env = {} }: Setting = {},
) {
  const recipeFolder = await mkdtemp(join(folder, 'recipe-'));
  for (const [name, content] of Object.entries({ 'create.sh': text, ...files })) {
    await mkdir(dirname(join(recipeFolder, name)), { recursive: true });
    await writeFile(join(recipeFolder, name), content);
  }
  const images = [
    { from: pinned, to: bashIn[engine] },
    { from: noBash, to: started[engine].image },
  ];
  const root = await mkdtemp(join(folder, 'tree-'));
  const whole: Script = {
    image: pinned,
    file: 'create.sh',
    function: 'populate_sysext_root',
    options: {},
    beside: [],
    network: false,
    ...step,
  };
  const context = await testContext(started[engine], folder, { images, recipeFolder, version: 'v1.2.3' });
  const exec = spawnExec({ ...process.env, ...started[engine].env, ...env });
  const ports = { ...context.ports, exec };
  const record = await scriptStep.run(whole, createTree(root), { ...context, ports });
  return { record, root, read: (path: string) => readFileSync(join(root, path), 'utf8') };
}

describe('a script of the reference, in a container', () => {
  it.each(engines)('fills the tree by its own functions and our helpers, with %s', async (engine) => {
    const { record, root, read } = await run(
      `RELOAD_SERVICES_ON_MERGE="true"
set -u
function list_available_versions() { list_github_releases example tool; }
function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local go="$(arch_transform x86-64 amd64 "$arch")" flavour="$(get_optional_param flavour plain "$@")"
  announce "filling"
  check_arch "$arch"
  source "\${scriptroot}/\${extname}.sysext/funcs.inc"
  mkdir -p "$sysextroot/usr/bin" "$sysextroot/opt/tool/empty" "$sysextroot/usr/share"
  hello >"$sysextroot/usr/bin/tool"
  chmod +x "$sysextroot/usr/bin/tool"
  ln -s ../../opt/tool/real "$sysextroot/usr/bin/link"
  echo "$go $version $flavour $(get_positional_param 2 "$@")" >"$sysextroot/opt/tool/real"
  _create_sysupdate "$extname" x y z "$rundir/other.conf"
  mv "$rundir/other.conf" moved.conf
  env >"$sysextroot/usr/share/env"
}
`,
      { options: { flavour: 'full; echo "$HOME"' }, beside: ['funcs.inc'] },
      { engine, files: { 'funcs.inc': "hello() { printf '%s\\n' '#!/bin/sh' 'echo hello'; }\n" } },
    );
    const go = machineArch === 'x86-64' ? 'amd64' : 'arm64';
    expect(read('opt/tool/real')).toBe(`${go} v1.2.3 full; echo "$HOME" ${machineArch}\n`);
    expect(read('usr/bin/tool')).toBe('#!/bin/sh\necho hello\n');
    expect(lstatSync(join(root, 'usr/bin/tool')).mode & 0o7777).toBe(0o755);
    expect(readlinkSync(join(root, 'usr/bin/link'))).toBe('../../opt/tool/real');
    expect(read('usr/share/env')).not.toMatch(/^(PATH=.*bash_jobs|GITHUB_|BAKERY_)/m);
    expect(await readdir(root)).toEqual(['opt', 'usr']);
    expect(record).toEqual({
      step: 'script',
      image: { reference: pinned, used: bashIn[engine], id: expect.any(String) },
      packages: [],
    });
  });

  it('is said to prove nothing when it may download', async () => {
    const { record, read } = await run('fill() { mkdir -p "$1/usr"; cat /proc/net/dev >"$1/usr/net"; }\n', {
      network: true,
      function: 'fill',
    });
    expect(record).toMatchObject({ step: 'script', unproved: 'create.sh' });
    expect(read('usr/net').match(/^ *\w+:/gm)?.length).toBeGreaterThan(1);
  });

  it('downloads from where its network leads, and not from this machine’s loopback', async () => {
    const { read } = await run('fill() { mkdir -p "$1/usr"; cat /proc/net/route >"$1/usr/route"; }\n', {
      network: true,
      function: 'fill',
    });
    await using outside = await serving(gatewayOf(read('usr/route')), 'from the engine’s host');
    await using inside = await serving('127.0.0.1', 'of this machine alone');
    const made = await run(
      `fill() {
  mkdir -p "$1/usr/bin"
  curl_api_wrapper -o "$1/usr/bin/tool" "${outside.url}"
  curl -fsS --max-time 20 "${inside.url}" >"$1/usr/bin/own" || echo refused >"$1/usr/bin/own"
}
`,
      { network: true, function: 'fill' },
    );
    expect(made.read('usr/bin/tool')).toBe('from the engine’s host');
    expect(made.read('usr/bin/own')).toBe('refused\n');
    expect(made.record).toMatchObject({ unproved: 'create.sh' });
  });

  it.each(engines)('sees no secret and no file of this machine, and writes none, with %s', async (engine) => {
    const marker = join(folder, `private-${engine}`);
    await writeFile(marker, 's3cret of a file');
    const { read } = await run(
      `populate_sysext_root() {
  mkdir -p "$1/usr/share"
  {
    env
    cat /proc/[0-9]*/environ
    cat ${marker} /proc/[0-9]*/root${marker} /proc/[0-9]*/cwd/*
  } >"$1/usr/share/seen" 2>/dev/null || true
  local place
  for place in ${folder}/written /proc/sys/kernel/core_pattern /proc/sysrq-trigger /sys/kernel/uevent_helper /sys/power/state; do
    if { : >>"$place"; } 2>/dev/null && [[ $place == /proc/* || $place == /sys/* ]]; then echo "$place"; fi
  done >"$1/usr/share/opened"
  while read -r major minor _ name; do
    [[ $major == [0-9]* ]] || continue
    mknod "/tmp/$name" b "$major" "$minor" && head -c 1 "/tmp/$name" >/dev/null && echo "$name"
  done </proc/partitions >"$1/usr/share/disks" 2>/dev/null || true
}
`,
      {},
      {
        engine,
        env: {
          GH_TOKEN: 's3cret',
          GITHUB_TOKEN: 's3cret',
          BAKERY_SIGNING_KEY: 's3cret',
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's3cret',
        },
      },
    );
    expect(read('usr/share/seen')).toContain('OUT=/out');
    expect(read('usr/share/seen')).not.toContain('s3cret');
    expect(read('usr/share/opened')).toBe('');
    expect(read('usr/share/disks')).toBe('');
    expect(await readdir(folder)).not.toContain('written');
  });

  it.each([
    ['ends with a failure', 'populate_sysext_root() { false; echo >"$1/usr/x"; }', 'ended with exit code 1'],
    ['fails in the middle of a pipe', 'populate_sysext_root() { false | cat; }', 'ended with exit code 1'],
    ['does not have the function', 'other() { :; }', 'populate_sysext_root: command not found'],
    [
      'leaves a program that becomes root',
      'populate_sysext_root() { mkdir "$1/usr"; : >"$1/usr/x"; chmod 4755 "$1/usr/x"; }',
      'got setuid',
    ],
    [
      'puts a link in the place of what it was to fill',
      'populate_sysext_root() { rm -r "$1"; ln -s /etc "$1"; }',
      'expected',
    ],
    ['makes nothing', 'populate_sysext_root() { :; }', 'expected members that match "**"'],
    [
      'links out of the image',
      'populate_sysext_root() { mkdir "$1/usr"; ln -s /etc/shadow "$1/usr/x"; }',
      'expected a link to somewhere in /usr or /opt',
    ],
  ])('fails when it %s', async (_what, text, message) => {
    await expect(run(text)).rejects.toThrow(message);
  });

  it('says what an image without bash lacks', async () => {
    await expect(run('populate_sysext_root() { :; }', { image: noBash })).rejects.toThrow(
      'expected bash in the image, or among packages, found none',
    );
  });
});

/** A server at one address of this machine, with one text. */
async function serving(address: string, text: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => response.end(text));
  server.listen(0, address);
  await once(server, 'listening');
  return {
    url: `http://${address}:${portOf(server.address())}/`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The address of this machine in the network of containers, by what /proc/net/route says in one. */
function gatewayOf(route: string): string {
  const [, hex = ''] = /^\S+\t00000000\t([0-9A-F]{8})/m.exec(route) ?? [];
  return Buffer.from(hex, 'hex').toReversed().join('.');
}
