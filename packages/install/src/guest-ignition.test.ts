import { beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { ignition as butaneOf, prepareButane } from '../testing/ignition.ts';
import { everyExtension } from '../testing/installables.ts';
import { staticConfig } from './extension-config.ts';
import { fold } from './fold.ts';
import { exampleFiles, guestIgnition, type GuestWishes } from './guest-ignition.ts';
import { file } from './host-config.ts';

beforeAll(prepareButane);

const image = 'k3s-v1.34.1-x86-64.raw';
const url = `http://10.0.2.2:4711/${image}`;
const k3s = {
  config: staticConfig({
    name: 'k3s',
    image: { file: image, url },
    transfer: { inline: '' },
    afterUpdate: 'nothing',
    wanted: [
      { unit: 'k3s.service', target: 'multi-user.target', path: '/usr/lib/systemd/system/k3s.service' },
    ],
    services: [],
    masks: ['docker-flatcar.raw'],
  }),
  settings: {
    files: [{ path: '/etc/rancher/k3s/config.yaml', mode: 0o600, contents: { inline: 'a: 1\n' } }],
    units: [],
    users: [{ name: 'k3s', homeDir: '/var/lib/k3s', groups: ['etcd'] }],
    groups: [{ name: 'etcd', system: true }],
  },
};
const wishes: GuestWishes = { extensions: [k3s], console: 'ttyS0' };

describe('the Ignition of a guest', () => {
  it.each<[string, Partial<GuestWishes>]>([
    ['a shell', {}],
    ['a command', { command: 'k3s --version' }],
    ['a key that may log in', { authorizedKey: 'ssh-ed25519 AAAA me@here' }],
  ])('with %s is what butane makes of the same', async (title, change) => {
    const ours: Record<string, unknown> = JSON.parse(guestIgnition({ ...wishes, ...change }));
    const { ignition, ...rest } = ours;
    const yaml = stringify({ variant: 'flatcar', version: '1.1.0', ...asButane(rest) });
    expect(await butaneOf(yaml, title)).toEqual({ ignition, ...rest });
  });

  it('brings the image, the link that merges it, what starts it, and a shell', () => {
    const { storage, systemd } = read(wishes);
    expect(storage.files).toContainEqual({
      path: `/opt/extensions/k3s/${image}`,
      mode: 0o644,
      contents: { source: url },
    });
    expect(storage.links.map(({ path, target }) => `${path} -> ${target}`)).toEqual([
      `/etc/extensions/k3s.raw -> /opt/extensions/k3s/${image}`,
      '/etc/extensions/docker-flatcar.raw -> /dev/null',
      '/etc/systemd/system/multi-user.target.wants/k3s.service -> /usr/lib/systemd/system/k3s.service',
    ]);
    expect(systemd.units.map(({ name }) => name)).toEqual([
      'update-engine.service',
      'locksmithd.service',
      'serial-getty@ttyS0.service',
    ]);
    expect(systemd.units[2]?.dropins?.[0]?.contents).toContain('agetty --autologin core');
  });

  it('runs a command once everything else is up', () => {
    const { storage, systemd } = read({ ...wishes, command: 'k3s --version' });
    expect(storage.files.at(-1)).toMatchObject({
      path: '/etc/bakery-command',
      contents: { source: `data:,${encodeURIComponent('k3s --version\n')}` },
    });
    expect(systemd.units.at(-1)).toMatchObject({ name: 'bakery-command.service', enabled: true });
  });

  it('names each path, unit, user and group once, whatever extensions say together', async () => {
    const all = (await everyExtension()).toReversed();
    expect(all.length).toBeGreaterThan(30);
    const { passwd, storage, systemd } = read({ extensions: all, console: 'ttyS0', authorizedKey: 'key' });
    const names = [
      ...[...storage.files, ...storage.links].map(({ path }) => path),
      ...(['users', 'groups'] as const).flatMap((kind) => passwd[kind].map(({ name }) => `${kind} ${name}`)),
      ...systemd.units.map(({ name }) => name),
    ];
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    expect(names).toEqual(
      expect.arrayContaining(['/etc/haproxy/haproxy.cfg', 'locksmithd.service', 'users core']),
    );
  });

  it('adds up what is said of a unit, and takes the last of what is said of a path', () => {
    const link = { path: '/etc/a', target: '/b' };
    const folded = fold([
      { files: [file('/etc/a', { inline: 'a' })], units: [{ name: 'a.service', mask: true }] },
      { links: [link], units: [unit('1.conf', 'old'), unit('2.conf', 'two')] },
      { units: [unit('1.conf', 'one')] },
    ]);
    const dropins = [unit('1.conf', 'one'), unit('2.conf', 'two')].flatMap((one) => one.dropins);
    expect(folded).toEqual({ files: [], links: [link], units: [{ name: 'a.service', mask: true, dropins }] });
  });

  it('tells which files are examples, but for those the user brings', () => {
    const path = '/etc/rancher/k3s/config.yaml';
    expect(exampleFiles(wishes)).toEqual([path]);
    const own = JSON.stringify({ storage: { files: [{ path }] } });
    expect(exampleFiles({ ...wishes, own })).toEqual([]);
  });

  it('leaves to a configuration of the user what that names', () => {
    const own = JSON.stringify({
      ignition: { version: '3.4.0' },
      storage: { files: [{ path: '/etc/extensions/k3s.raw' }] },
      systemd: { units: [{ name: 'locksmithd.service', enabled: true }] },
    });
    const { ignition, storage, systemd } = read({ ...wishes, own });
    expect(ignition).toEqual({
      version: '3.4.0',
      config: { merge: [{ source: `data:,${encodeURIComponent(own)}` }] },
    });
    expect(storage.links.map(({ path }) => path)).not.toContain('/etc/extensions/k3s.raw');
    expect(systemd.units.map(({ name }) => name)).not.toContain('locksmithd.service');
  });
});

function unit(name: string, contents: string) {
  return { name: 'a.service', dropins: [{ name, contents }] };
}

interface Read {
  readonly passwd: Readonly<Record<'users' | 'groups', readonly { readonly name: string }[]>>;
  readonly ignition: object;
  readonly storage: {
    readonly files: readonly { readonly path: string }[];
    readonly links: readonly { readonly path: string; readonly target: string }[];
  };
  readonly systemd: {
    readonly units: readonly {
      readonly name: string;
      readonly dropins?: readonly { readonly contents: string }[];
    }[];
  };
}

function read(wanted: GuestWishes): Read {
  return JSON.parse(guestIgnition(wanted));
}

/** Butane calls everything what Ignition calls it, but for capital letters. */
function asButane(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value).replaceAll(
      /"([a-z]+)([A-Z])(\w*)":/g,
      (_all, first: string, letter: string, rest: string) =>
        `"${first}_${letter.toLowerCase()}${rest.replaceAll(/[A-Z]/g, (one) => `_${one.toLowerCase()}`)}":`,
    ),
  );
}
