import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Entries } from './entries.ts';
import { hostPrograms } from './host-programs.ts';

interface Shadow {
  readonly path: RegExp;
  readonly why: string;
}

const multiarch = String.raw`(?:\w+-linux-gnu/)?`;

/** Files that every host has for itself, and what an image that covers them takes from it. A new one is a line. */
const shadows: readonly Shadow[] = [
  {
    path: /^\/usr\/lib\/modules\/[^/]+\/modules\.[a-z.]+$/,
    why: 'the host would know none of its own kernel modules any more: leave depmod to the host',
  },
  {
    path: new RegExp(
      String.raw`^/usr/lib(?:64)?/${multiarch}(?:lib(?:c|m|pthread|dl|rt|resolv|nss_\w+)\.so\.\d|ld-linux[^/]*\.so\.\d|ld-musl-[^/]*\.so\.1)$`,
    ),
    why: 'every program of the host would load it instead of its own: put libraries in a folder of yours',
  },
  {
    path: new RegExp(String.raw`^/usr/lib(?:64)?/${multiarch}gconv/gconv-modules\.cache$`),
    why: 'the host would find none of its own character sets',
  },
  { path: /\/ld\.so\.cache$/, why: 'the host would find none of its own libraries' },
  { path: /^\/usr\/lib\/locale\/locale-archive$/, why: 'the host would find none of its own locales' },
  { path: /^\/usr\/lib\/udev\/hwdb\.bin$/, why: 'the host would know none of its own hardware' },
  {
    path: /^\/usr\/share\/(?:mime\/mime\.cache|applications\/mimeinfo\.cache|glib-2\.0\/schemas\/gschemas\.compiled|icons\/[^/]+\/icon-theme\.cache|info\/dir)$/,
    why: 'it is an index of one host’s files, and hides what the host’s own lists',
  },
  {
    path: /^\/usr\/(?:share\/factory\/)?etc\/(?:machine-id|passwd|group|shadow|gshadow|hostname|fstab)$/,
    why: 'it says who a host is, and a factory reset would take it',
  },
  {
    path: /^\/usr\/lib\/systemd\/(?:systemd|systemd-executor|libsystemd-[^/]+\.so)$/,
    why: 'the host would run another service manager than it booted',
  },
  {
    path: /^\/usr\/lib\/systemd\/system\/(?:(?:basic|default|graphical|initrd|local-fs|multi-user|network|network-online|shutdown|sockets|sysinit|timers)\.target|(?:dbus|systemd-[a-z-]+)\.service)$/,
    why: 'it replaces a unit of the host: a drop-in in a folder of its name adds to it',
  },
  {
    path: new RegExp(String.raw`^/usr/bin/(?:${[...hostPrograms].join('|')})$`),
    why: 'it replaces a program that the host’s own units call',
  },
];

/** Files of the tree that would cover one every host has. */
export function checkShadows({ all }: Entries): Diagnostic[] {
  return all.flatMap(({ path, kind }) => {
    const why = kind === 'folder' ? undefined : shadowReason(path);
    return why === undefined
      ? []
      : [error('tree.covers-host', path, `covers the host’s file of that name: ${why}`)];
  });
}

/** What a host loses when an image has a file at `path`; `undefined` for nothing. */
export function shadowReason(path: string): string | undefined {
  return shadows.find((shadow) => shadow.path.test(path))?.why;
}
