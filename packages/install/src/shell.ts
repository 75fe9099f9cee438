import { dirname } from 'node:path';
import { linkEnds } from '@bakery/core/sysupdate.ts';
import { ringPath, type Installable } from './extension-config.ts';
import type { HostConfig, HostFile, HostLink } from './host-config.ts';
import { unitFiles } from './unit-files.ts';

/** A script that brings `config` about on a running host, checks what it fetches, and may run again. */
export function installScript(extension: Installable, config: HostConfig): string {
  const written = [...config.files, ...unitFiles(config.units)];
  return [
    '#!/bin/sh',
    `# Installs ${extension.name}. Run it as root; running it again does no harm.`,
    'set -eu',
    ...scriptSteps(extension, config, written.flatMap(writeFile)),
    '',
  ].join('\n');
}

/** What it does but for writing files, which `writes` do, or somebody else before. */
export function scriptSteps(
  { name, wanted }: Pick<Installable, 'name' | 'wanted'>,
  { files, links, units }: HostConfig,
  writes: readonly string[] = [],
): readonly string[] {
  const image = `/etc/extensions/${name}.raw`;
  const ours = links.filter(({ path }) => path === image);
  const fetches = files.flatMap(fetchFile);
  const kept = units.some(({ enabled }) => enabled === true);
  // An image that is kept up to date may be a newer one by now.
  const guarded = kept
    ? [`if [ ! -e ${image} ]; then`, ...ours.map((one) => `  ${link(one)}`), 'fi']
    : ours.map(link);
  return [
    ...fetcher,
    ...folders([...files, ...unitFiles(units), ...links]),
    ...fetches,
    ...writes,
    ...guarded,
    ...links.filter((one) => !ours.includes(one)).map(link),
    'systemctl daemon-reload',
    'systemctl enable systemd-sysext.service',
    'systemd-sysext refresh',
    ...(wanted.length === 0 ? [] : [`systemctl start ${words(wanted.map(({ unit }) => unit))}`]),
    ...(kept ? timer : []),
  ];
}

/** A script that takes an extension off a host, whichever way it came there. */
export function uninstallScript({ name, masks, wanted, services, otherUnits = [] }: Installable): string {
  const stopped = [...new Set([...wanted.map(({ unit }) => unit), ...services, ...otherUnits])];
  const system = '/etc/systemd/system';
  return [
    '#!/bin/sh',
    `# Removes ${name}. Run it as root. Data the extension wrote, and keys and timers others use, stay.`,
    'set -eu',
    ...(stopped.length === 0 ? [] : [`systemctl stop ${words(stopped)} || true`]),
    `rm -f ${words([
      ...Object.values(linkEnds).map((end) => `/etc/extensions/${name}.${end}`),
      ...masks.map((mask) => `/etc/extensions/${mask}`),
      ...wanted.map(({ unit, target }) => `${system}/${target}.wants/${unit}`),
      `${system}/systemd-sysupdate.service.d/${name}.conf`,
      `${system}/sysext-${name}-new.service`,
    ])}`,
    'systemd-sysext refresh',
    `rm -rf ${words([`/opt/extensions/${name}`, `/etc/sysupdate.${name}.d`])}`,
    'systemctl daemon-reload',
    // A target that upheld them has started them again, or tried to.
    ...(stopped.length === 0
      ? []
      : ['stop', 'reset-failed'].map((verb) => `systemctl ${verb} ${words(stopped)} 2>/dev/null || true`)),
    '',
  ].join('\n');
}

/** Text as one word of a shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const fetcher: readonly string[] = [
  'fetch() { # URL FILE SHA256',
  '  if echo "$3  $2" | sha256sum --check --status 2>/dev/null; then return; fi',
  '  curl --fail --location --silent --show-error --output "$2.part" "$1"',
  '  if ! echo "$3  $2.part" | sha256sum --check --status; then',
  '    rm "$2.part"',
  '    echo "$1: expected bytes with the hash $3" >&2',
  '    exit 1',
  '  fi',
  '  mv "$2.part" "$2"',
  '}',
];

const timer: readonly string[] = [
  'if [ -x /usr/lib/systemd/systemd-sysupdate ]; then',
  '  systemctl enable --now systemd-sysupdate.timer',
  'else',
  '  echo "systemd-sysupdate is not installed: nothing will update the image" >&2',
  'fi',
];

function folders(entries: readonly { readonly path: string }[]): readonly string[] {
  const all = [...new Set(entries.map(({ path }) => dirname(path)))];
  return [`mkdir -p ${words(all)}`];
}

function fetchFile({ path, contents }: HostFile): readonly string[] {
  if ('inline' in contents) return [];
  if (contents.sha256 === undefined) throw new Error(`${path}: expected a hash to check it with`);
  const [, base64] = /^data:;base64,([A-Za-z0-9+/=]+)$/.exec(contents.source) ?? [];
  const fetched =
    base64 === undefined
      ? `fetch ${words([contents.source, path, contents.sha256])}`
      : `echo ${base64} | base64 -d >${quote(path)}`;
  if (path !== ringPath) return [fetched];
  const place = base64 === undefined ? contents.source : 'this feed';
  return [
    `[ -e ${path} ] || ${fetched}`,
    `echo "${contents.sha256}  ${path}" | sha256sum --check --status ||`,
    `  echo ${quote(`${path}: holds other keys; add those of ${place}`)} >&2`,
  ];
}

function writeFile({ path, contents }: HostFile): readonly string[] {
  if (!('inline' in contents)) return [];
  let end = 'END';
  while (contents.inline.split('\n').includes(end)) end += '_';
  return [`cat >${quote(path)} <<'${end}'`, contents.inline.trimEnd(), end];
}

function link({ path, target }: HostLink): string {
  return `ln -sfn ${words([target, path])}`;
}

function words(all: readonly string[]): string {
  return all.map(quote).join(' ');
}
