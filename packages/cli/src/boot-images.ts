import { resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { boot, debianUser, type Forward, machines } from '@bakery/core/guest.ts';
import { readNamed, scratchFolder } from '@bakery/core/lifetime.ts';
import { exampleFiles, guestIgnition, ignitionUser } from '@bakery/install/guest-ignition.ts';
import { chosenGuest, type GuestOptions, plannedGuest } from './chosen-guest.ts';
import { serveImages, wishOf } from './guest-images.ts';
import { imagesOf, type NamedImage } from './images-of.ts';
import type { Io } from './io.ts';
import { transpiled } from './transpiled.ts';

export interface BootOptions extends GuestOptions {
  readonly command?: string;
  readonly ports: readonly Forward[];
  /** MiB */
  readonly memory: number;
}

interface BootWorld {
  readonly bakery: Bakery;
  readonly io: Io;
  readonly offline: boolean;
}

/** Boots what `options` name with the images that `words` mean; resolves to the exit code of the command, or of QEMU. */
export async function bootImages(
  words: readonly string[],
  options: BootOptions,
  { bakery, io, offline }: BootWorld,
): Promise<number> {
  const { arch, command, memory } = options;
  const machine = machines[arch];
  const planned = await plannedGuest(options, io.cwd);
  const authorizedKey = await readKey(options.ssh, io.cwd);
  const forwards = authorizedKey === undefined ? options.ports : withSsh(options.ports);
  const own = await ownIgnition(options, { bakery, io });
  await using scratch = await scratchFolder(io.tmpdir);
  await using stack = new AsyncDisposableStack();
  const images = await imagesOf(words, arch, {
    bakery,
    io,
    folder: scratch.path,
    beforeBuilds: () => bakery.requireTools([machine.qemu]),
  });
  const chosen = await chosenGuest(planned, arch, { bakery, offline });
  const { report } = bakery.ports;
  if (authorizedKey !== undefined) {
    const user = 'guest' in chosen ? debianUser : ignitionUser;
    report.info(`once it is up: ${sshLine(user, forwards)}`);
  }
  const decoder = new TextDecoder();
  const request = {
    machine,
    memory,
    forwards,
    ...(command === undefined ? {} : { command }),
    onOutput: (piece: Buffer) => void io.out.write(decoder.decode(piece, { stream: true })),
  };
  const context = { ...bakery.ports, path: bakery.path, isRoot: io.isRoot, scratch: io.tmpdir };
  if ('guest' in chosen) {
    const system = { guest: chosen.guest, extensions: images, authorizedKey };
    return await boot({ ...request, system }, context);
  }
  const server = stack.use(await serveImages(images, scratch.path, own !== undefined));
  const extensions = await wishesOf(images, server.seenFromGuest, options, bakery);
  for (const path of exampleFiles({ extensions, own })) {
    report.info(`${path} is the example of its extension’s page; --butane FILE brings your own`);
  }
  const { console } = machine;
  const ignition = guestIgnition({ extensions, console, command, authorizedKey, own });
  return await boot({ ...request, system: { guest: chosen.disk, ignition } }, context);
}

async function readKey(file: string | undefined, cwd: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const complain = (got: string): UserError =>
    new UserError('input.invalid', `--ssh ${file}: expected the file of one public key, ${got}`, {
      hint: 'ssh-keygen makes a pair; the public one ends in .pub',
    });
  const text = (await readNamed(resolve(cwd, file), (found) => complain(`found ${found}`)))
    .toString('utf8')
    .trim();
  if (/^(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/=]+( [^\n]*)?$/.test(text)) return text;
  throw complain('found something else in it');
}

const sshPort = 22;
const usualSshForward = { host: 2222, guest: sshPort };

function withSsh(ports: readonly Forward[]): readonly Forward[] {
  if (ports.some(({ guest }) => guest === sshPort)) return ports;
  const { host: usual } = usualSshForward;
  const other = ports.find(({ host }) => host === usual);
  if (other === undefined) return [...ports, usualSshForward];
  throw new UserError(
    'input.invalid',
    `--ssh: expected port ${usual} to lead to ssh, got --ports ${usual}:${other.guest}`,
    { hint: `name another one for it: --ports ${usual}:${other.guest},${usual + 1}:${sshPort}` },
  );
}

/** The machine has a key of its own, which nobody will see again. */
function sshLine(user: string, forwards: readonly Forward[]): string {
  const { host } = forwards.find(({ guest }) => guest === sshPort) ?? usualSshForward;
  return `ssh -p ${host} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null ${user}@127.0.0.1`;
}

async function ownIgnition(
  { butane }: BootOptions,
  { bakery, io }: Pick<BootWorld, 'bakery' | 'io'>,
): Promise<string | undefined> {
  return butane === undefined
    ? undefined
    : transpiled(resolve(io.cwd, butane), butane, { bakery, temporary: io.tmpdir });
}

function wishesOf(
  images: readonly NamedImage[],
  server: string,
  { arch }: BootOptions,
  bakery: Bakery,
): Promise<Awaited<ReturnType<typeof wishOf>>[]> {
  return Promise.all(images.map((image) => wishOf(image, arch, server, bakery)));
}
