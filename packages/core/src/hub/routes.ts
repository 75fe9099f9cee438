import { catalogueName } from '../names/catalogue-name.ts';
import { globalTag } from '../names/manifest-name.ts';
import { updexListName, updexTransferName } from '../sysupdate/updex.ts';
import {
  arch,
  folders,
  manifest,
  name,
  ring,
  sidecar,
  stream,
  tag,
  transferEnding,
  versionTag,
} from './path-patterns.ts';

/** Paths of one form, and which file of which release each stands for. */
export interface Route {
  /** A word for logs and configuration files. */
  readonly id: string;
  /** For people. */
  readonly form: string;
  /** Regular expression for the decoded path behind the prefix, without anchors. */
  readonly pattern: string;
  /** `$1`, `$2` … stand for what the groups of `pattern` caught. */
  readonly release: string;
  readonly file: string;
}

/** Everything that is redirected; the first route that fits a path is taken. */
export const routes: readonly Route[] = [
  {
    id: 'image',
    form: 'NAME-VERSION-ARCH.raw, in any folder',
    pattern: `${folders}(${versionTag})-(${arch})\\.raw`,
    release: '$1',
    file: '$1-$2.raw',
  },
  {
    id: 'sidecar',
    form: 'NAME-VERSION-ARCH.verity, .roothash and .p7s, in any folder',
    pattern: `${folders}(${versionTag})-(${arch})\\.(${sidecar})`,
    release: '$1',
    file: '$1-$2.$3',
  },
  {
    id: 'manifest',
    form: 'RELEASE/SHA256SUMS and its signatures',
    pattern: `(${tag}|${globalTag})/(${manifest})`,
    release: '$1',
    file: '$2',
  },
  {
    id: 'global-manifest',
    form: 'SHA256SUMS and its signatures',
    pattern: `(${manifest})`,
    release: globalTag,
    file: '$1',
  },
  {
    id: 'ring',
    form: 'import-pubring.gpg, import-pubring.pgp',
    pattern: `(${ring})`,
    release: globalTag,
    file: '$1',
  },
  {
    id: 'catalogue',
    form: 'catalogue.json',
    pattern: 'catalogue\\.json',
    release: globalTag,
    file: catalogueName,
  },
  // Before those that would take `v1.34.verity` for a version.
  {
    id: 'sidecar-transfer',
    form: 'NAME.verity.conf, NAME-vX.roothash.conf, NAME-vX.Y.p7s.conf and so on',
    pattern: `(${name})((?:-${stream})?)\\.(${sidecar})\\.(${transferEnding})`,
    release: '$1',
    file: '$1$2.$3.$4',
  },
  {
    id: 'sidecar-transfer-of-release',
    form: 'the same in a folder RELEASE',
    pattern: `(${tag})/(${name}(?:-${stream})?)\\.(${sidecar})\\.(${transferEnding})`,
    release: '$1',
    file: '$2.$3.$4',
  },
  {
    id: 'stream',
    form: 'NAME-vX.conf, NAME-vX.Y.conf',
    pattern: `(${name})-(${stream})\\.(${transferEnding})`,
    release: '$1',
    file: '$1-$2.$3',
  },
  {
    id: 'transfer',
    form: 'RELEASE.conf',
    pattern: `(${tag})\\.(${transferEnding})`,
    release: '$1',
    file: '$1.$2',
  },
  {
    id: 'transfer-of-release',
    form: 'RELEASE/NAME.conf, RELEASE/NAME-vX.Y.conf',
    pattern: `(${tag})/(${tag})\\.(${transferEnding})`,
    release: '$1',
    file: '$2.$3',
  },
  {
    id: 'feature',
    form: 'NAME.feature, in a folder of that name too',
    pattern: `(?:${name}/)?(${name})\\.feature`,
    release: '$1',
    file: '$1.feature',
  },
  {
    id: 'updex-list',
    form: 'updex.json',
    pattern: 'updex\\.json',
    release: globalTag,
    file: updexListName,
  },
  {
    id: 'updex-manifest',
    form: 'updex/NAME/SHA256SUMS and its signatures',
    pattern: `updex/(${name})/(${manifest})`,
    release: '$1',
    file: '$2',
  },
  {
    id: 'updex-transfer',
    form: 'updex/NAME/NAME.conf',
    pattern: `updex/${name}/(${name})\\.conf`,
    release: '$1',
    file: updexTransferName('$1'),
  },
  {
    id: 'inputs',
    form: 'NAME-VERSION.inputs.json, .cdx.json and .sigstore.json, in any folder',
    pattern: `${folders}(${versionTag})\\.(inputs|cdx|sigstore)\\.json`,
    release: '$1',
    file: '$1.$2.json',
  },
];
