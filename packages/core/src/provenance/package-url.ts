/**
 * The package URL (purl) of an artifact: of its npm package, of the GitHub release it belongs to, else a `generic` one
 * with its address.
 */
export function artifactPurl(
  url: string,
  { name, version }: { readonly name: string; readonly version: string },
): string {
  const [, npmName = '', npmVersion = ''] = /^npm:(.+)@([^@]+)$/.exec(url) ?? [];
  if (npmName !== '') return `pkg:npm/${path(npmName)}@${encodeURIComponent(npmVersion)}`;
  const [, owner = '', repo = '', tag = ''] =
    /^https:\/\/github\.com\/([^/]+)\/([^/]+)\/releases\/download\/([^/]+)\//.exec(url) ?? [];
  const source = `download_url=${encodeURIComponent(url)}`;
  if (owner === '') return `pkg:generic/${path(name)}@${encodeURIComponent(version)}?${source}`;
  // Names on GitHub do not tell capitals from small letters, so purl wants small ones.
  const repository = `${owner}/${repo}`.toLowerCase();
  return `pkg:github/${repository}@${encodeURIComponent(decodeURIComponent(tag))}?${source}`;
}

/** Of `PATH@VERSION`. */
export function goPurl(module: string): string {
  const [name = '', version] = module.split('@');
  return `pkg:golang/${path(name.toLowerCase())}${version === undefined ? '' : `@${encodeURIComponent(version)}`}`;
}

function path(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
