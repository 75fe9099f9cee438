import { Document, isScalar, visit } from 'yaml';
import type { Contents, HostConfig, HostFile, HostLink } from './host-config.ts';

/** Accounts and groups, as Butane has them. */
export type Passwd = Readonly<Record<string, readonly object[]>>;

/** The systems that Butane knows and a bakery writes for. */
export type Variant = 'flatcar' | 'fcos';

export const butaneVersions: Readonly<Record<Variant, string>> = { flatcar: '1.1.0', fcos: '1.5.0' };

/** A Butane configuration as YAML; modes are octal as butane reads them. */
export function butane(
  { files = [], links = [], units = [] }: Partial<HostConfig>,
  { variant = 'flatcar', passwd = {} }: { readonly variant?: Variant; readonly passwd?: Passwd } = {},
): string {
  const sections = {
    passwd: present(passwd),
    storage: present({ files: files.map(showFile), links: links.map(showLink) }),
    systemd: present({ units }),
  };
  const used = Object.entries(sections).filter(([, lists]) => Object.keys(lists).length > 0);
  // Written as YAML 1.1, in which octal numbers begin with 0.
  const document = new Document(
    { variant, version: butaneVersions[variant], ...Object.fromEntries(used) },
    { version: '1.1', aliasDuplicateObjects: false },
  );
  visit(document, {
    Pair(_key, { key, value }) {
      if (isScalar(key) && key.value === 'mode' && isScalar(value)) value.format = 'OCT';
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}

function present(lists: Readonly<Record<string, readonly unknown[]>>): Record<string, readonly unknown[]> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function showFile({ path, mode, contents, ...owner }: HostFile): object {
  return { path, mode, contents: showContents(contents), ...owner };
}

function showContents(contents: Contents): object {
  if ('inline' in contents || contents.sha256 === undefined) return contents;
  return { source: contents.source, verification: { hash: `sha256-${contents.sha256}` } };
}

function showLink({ path, target, overwrite }: HostLink): object {
  return { path, target, hard: false, ...(overwrite === undefined ? {} : { overwrite }) };
}
