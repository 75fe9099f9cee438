import { requireExtensionName } from '../names/extension-name.ts';
import { requireFolderUrl, type TextFile } from './transfer.ts';

/** Where the site of updex lies below a hub. */
export const updexFolder = 'updex';

/** `updex.json`: what updex has as its ListURL. */
export const updexListName = 'updex.json';

/** The file of an extension that updex is served as `updex/NAME/NAME.conf`. */
export function updexTransferName(name: string): string {
  return `${name}.updex.conf`;
}

/**
 * A transfer file as `updex catalog add` takes it: from below its own site, into the folder of updex and no other. What it
 * makes of it has its own link, so there is none here. https://github.com/frostyard/updex/blob/main/catalog/catalog.go
 */
export function updexTransfer(name: string, site: string, verify: boolean): TextFile {
  requireExtensionName(name);
  requireFolderUrl(site);
  const pattern = `${name}-@v-%a.raw`;
  return {
    name: updexTransferName(name),
    text: `[Transfer]
Verify=${verify}

[Source]
Type=url-file
Path=${site}${name}/
MatchPattern=${pattern}

[Target]
Type=regular-file
Path=/var/lib/extensions.d
MatchPattern=${pattern}
`,
  };
}

/** The names of a site as GitHub lists folders, which is all that updex reads. */
export function updexList(names: readonly string[]): TextFile {
  const folders = names.toSorted().map((name) => ({ name, type: 'dir' }));
  return { name: updexListName, text: `${JSON.stringify(folders, undefined, 1)}\n` };
}
