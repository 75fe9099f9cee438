import type { Explained } from './explained.ts';

/** Stores, releases, indexes and their copies. */
export const storeCodes = {
  'store.taken': {
    means: 'Files that the bakery did not write stand where the store would write.',
    remedy: 'Move them away, or choose another folder; nothing was overwritten.',
  },
  'store.missing': {
    means: 'The store, or the release asked for, does not exist.',
    remedy: 'Check `--store`; `bakery release` fills one.',
  },
  'store.damaged': {
    means: 'What the store has is not what was published.',
    remedy: 'Restore the files; `bakery check --deep` lists all that differ.',
  },
  'store.limit': {
    means: 'GitHub allows no release of that size or number.',
    remedy: 'Publish fewer or smaller files; the message says which limit it is.',
  },
  'store.immutable': {
    means: 'Immutable releases of the repository prevent a change that is needed.',
    remedy: 'The message says how to go on; a published version never changes.',
  },
  'store.obstacle': {
    means: 'Something that publishing needs is missing, found before anything was built.',
    remedy: 'The message says what to click or set; `bakery check --preflight` looks again.',
  },
  'store.contended': {
    means: 'Other runs changed the same release again and again.',
    remedy: 'Run again; one run at a time is best.',
  },
  'manifest.invalid': {
    means: 'A SHA256SUMS file cannot be read, or would be one that hosts misread.',
    remedy: 'Regenerate it with `bakery metadata NAME`.',
  },
  'catalogue.invalid': {
    means: 'A catalogue.json cannot be read.',
    remedy:
      '[catalogue.md](catalogue.md) tells the format; `bakery metadata --all` regenerates its catalogue.',
  },
  'catalogue.missing': {
    means: 'There is no catalogue.json: nothing was published, by an older version, or elsewhere.',
    remedy: 'Check the address; `bakery metadata --all` writes one.',
  },
  'catalogue.too-large': {
    means:
      'The catalogue.json to be written would be larger than readers take; indexes are written all the same.',
    remedy: 'Let `retention` in bakery.yaml remove old versions.',
  },
  'catalogue.unknown': {
    means: 'The catalogue names no such extension.',
    remedy: '`bakery list --published` shows what it names.',
  },
  'release.incomplete': {
    means: 'An image for one of the architectures is missing; a release is complete or absent.',
    remedy: 'Build all architectures before publishing.',
  },
  'release.differs': {
    means: 'Images of one version were made from different recipes, settings or versions.',
    remedy: 'Rebuild all of them.',
  },
  'release.record': {
    means: 'The provenance record beside an image is missing or cannot be read.',
    remedy: 'Rebuild the image.',
  },
  'mirror.incomplete': {
    means: 'The source of a copy lacks what its index names.',
    remedy: 'Run again; when it lasts, `bakery conformance` shows what is wrong with the source.',
  },
  'mirror.signature': {
    means: 'A manifest of the source and its signature do not match, not even after several tries.',
    remedy: 'Run again; when it lasts, `bakery conformance` shows what is wrong with the source.',
  },
  'mirror.differs': {
    means: 'A file of the source is not the one its index describes, or no longer what was copied.',
    remedy: 'Do not use it. Ask who runs the source why it changed.',
  },
} satisfies Readonly<Record<string, Explained>>;
