import type { Route, Upstream } from '@bakery/testbed/upstream.ts';
import { sidecarKinds } from '../src/names/file-names.ts';
import { streamsOf } from '../src/sysupdate/streams.ts';
import { sidecarTransferFiles, transferFiles } from '../src/sysupdate/transfer.ts';
import { sampleContent } from './sample-bakery.ts';
import { sha256 } from './sample-releases.ts';

/** Makes something of a good hub wrong. */
export type HubChange = (routes: Record<string, Route>, url: string) => void;

/** What a good hub answers. */
export function fillHub(
  routes: Record<string, Route>,
  url: Upstream['url'],
  versions: readonly string[],
  { name = 'k3s', verify = false }: { readonly name?: string; readonly verify?: boolean } = {},
): void {
  const files = versions.flatMap((version) =>
    ['arm64', 'x86-64'].map((arch) => `${name}-${version}-${arch}.raw`),
  );
  for (const file of files) routes[`/${name}/${file}`] = sampleContent(file);
  const manifest = files.map((file) => `${sha256(sampleContent(file))}  ${file}\n`).join('');
  routes[`/${name}/SHA256SUMS`] = manifest;
  routes['/SHA256SUMS'] = manifest;
  const streams = streamsOf(versions, 'minor').slice(1);
  for (const file of transferFiles({ name, url: `${url}${name}/`, verify }, streams)) {
    routes[`/${name}/${file.name}`] = file.text;
  }
}

export function changeManifest(change: (text: string) => string): HubChange {
  return (routes) => (routes['/k3s/SHA256SUMS'] = change(textAt(routes, '/k3s/SHA256SUMS')));
}

export function addVersions(...versions: readonly string[]): HubChange {
  return (routes, url) => fillHub(routes, url, ['1.33.5', '1.34.1', ...versions]);
}

/** Signed hash trees of the newest version, and what fetches them. */
export function addTrees(routes: Record<string, Route>, url: string): void {
  for (const kind of sidecarKinds) {
    for (const arch of ['arm64', 'x86-64']) addFile(`k3s-1.34.1-${arch}.${kind}`, routes, url);
  }
  for (const { name, text } of sidecarTransferFiles({ name: 'k3s', url: `${url}k3s/` }))
    routes[`/k3s/${name}`] = text;
}

/** A hash tree alone, and one file that fetches it, with the link of an image. */
export function addLoneTree(routes: Record<string, Route>, url: string): void {
  addFile('k3s-1.34.1-arm64.verity', routes, url);
  const [conf] = sidecarTransferFiles({ name: 'k3s', url: `${url}k3s/` });
  routes['/k3s/k3s.verity.conf'] = conf?.text.replace('k3s.verity', 'k3s.raw') ?? '';
}

function addFile(file: string, routes: Record<string, Route>, url: string): void {
  routes[`/k3s/${file}`] = 'other';
  changeManifest((text) => `${text}${sha256('other')}  ${file}\n`)(routes, url);
}

export function textAt(routes: Readonly<Record<string, Route>>, path: string): string {
  const route = routes[path];
  return typeof route === 'string' ? route : '';
}

/** In k3s.conf and k3s.transfer. */
export function changeTransfer(from: string | RegExp, to_: string): HubChange {
  return (routes) => {
    for (const path of ['/k3s/k3s.conf', '/k3s/k3s.transfer']) {
      routes[path] = textAt(routes, path).replaceAll(
        from instanceof RegExp ? new RegExp(from, 'g') : from,
        to_,
      );
    }
  };
}

export function dropRoutes(routes: Record<string, Route>, path: RegExp): void {
  for (const one of Object.keys(routes)) if (path.test(one)) delete routes[one];
}
