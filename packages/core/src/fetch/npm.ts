import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { NpmName } from '../names/npm-name.ts';
import type { Exec } from '../ports/exec.ts';
import { mirroredRegistry, type Mirrors } from './mirrors.ts';

/** One exact version of a package. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
}

export interface NpmPorts {
  readonly exec: Exec;
  readonly mirrors: Mirrors;
}

const exactVersion = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?(?:\+[0-9A-Za-z.-]+)?$/;

export function isNpmUrl(url: string): boolean {
  return url.startsWith('npm:');
}

/** Reads `npm:PACKAGE@VERSION`; ranges, tags, folders and addresses are refused. */
export function parseNpmUrl(url: string): NpmPackage {
  const spec = url.slice('npm:'.length);
  const at = spec.lastIndexOf('@');
  const name = spec.slice(0, Math.max(0, at));
  const version = spec.slice(at + 1);
  if (isNpmUrl(url) && NpmName.safeParse(name).success && exactVersion.test(version)) {
    return { name, version };
  }
  throw new UserError(
    'fetch.address',
    `${url}: expected npm:PACKAGE@VERSION with an exact version like 1.2.3`,
  );
}

/** Options that make the npm client ask the mirror of a package, or none. */
export function registryArgs(name: string, mirrors: Mirrors): string[] {
  const registry = mirroredRegistry(name, mirrors);
  if (registry === undefined) return [];
  const [scope] = name.split('/');
  // A registry that .npmrc sets for a scope would win over --registry.
  const forScope = name.startsWith('@') ? [`--${scope}:registry=${registry}`] : [];
  return [`--registry=${registry}`, ...forScope];
}

// The client's own 10 s and 60 s between attempts look like a hang; these are near those of our HTTP port.
const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=4000'];

export function viewArgs({ name, version }: NpmPackage, mirrors: Mirrors): string[] {
  return ['view', '--json', ...patience, ...registryArgs(name, mirrors), '--', `${name}@${version}`, 'dist'];
}

export function packArgs({ name, version }: NpmPackage, folder: string, mirrors: Mirrors): string[] {
  const options = ['--json', '--ignore-scripts', `--pack-destination=${folder}`];
  return ['pack', ...options, ...patience, ...registryArgs(name, mirrors), '--', `${name}@${version}`];
}

/** What the registry states about the tarball, as the JSON text of `dist`; `undefined` when there is no such version. */
export async function viewDist(wanted: NpmPackage, { exec, mirrors }: NpmPorts): Promise<string | undefined> {
  const { code, stdout, stderr } = await exec.run('npm', viewArgs(wanted, mirrors));
  const said = stdout.trim();
  if (code === 0 && said !== '') return said;
  if (code === 0 || `${said}\n${stderr}`.includes('E404')) return undefined;
  throw npmFailed('view', wanted, stdout, stderr);
}

const Dist = z.object({ integrity: z.string().optional(), shasum: z.string().optional() });
export type Dist = z.infer<typeof Dist>;

/** Reads the text of `viewDist`; `url` names it in errors. */
export function parseDist(text: string, url: string): Dist {
  try {
    const value: unknown = JSON.parse(text);
    // Some releases of the client wrap a single answer in a list.
    return Dist.parse(Array.isArray(value) ? value[0] : value);
  } catch (cause) {
    throw new UserError(
      'fetch.npm',
      `${url}: expected a JSON object from npm view, got ${JSON.stringify(text.slice(0, 80))}`,
      {
        cause,
      },
    );
  }
}

/** Has the client write the tarball into the empty `folder`; resolves to its path. Nothing of it is run. */
export async function packInto(
  folder: string,
  wanted: NpmPackage,
  { exec, mirrors }: NpmPorts,
): Promise<string> {
  const { code, stdout, stderr } = await exec.run('npm', packArgs(wanted, folder, mirrors), { cwd: folder });
  if (code !== 0) throw npmFailed('pack', wanted, stdout, stderr);
  // The file name printed for a scoped package differs between releases of the client.
  const [file, ...others] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (file === undefined || others.length > 0) {
    throw new UserError(
      'fetch.npm',
      `npm:${wanted.name}@${wanted.version}: expected one tarball from npm pack, got ${others.length}`,
    );
  }
  return join(folder, file);
}

function npmFailed(verb: string, { name, version }: NpmPackage, stdout: string, stderr: string): UserError {
  const said = `${stderr}\n${stdout}`.split('\n').filter((line) => /error/i.test(line));
  const why = said.slice(0, 3).join('; ').replaceAll(/\s+/g, ' ') || 'it does not say why';
  return new UserError('fetch.npm', `npm:${name}@${version}: npm ${verb} failed: ${why}`);
}
