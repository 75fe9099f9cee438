import type { Explained } from './explained.ts';

/** Stores, releases, indexes and their copies. */
export const storeCodes = {
  'store.taken': {
    means: 'Files the bakery did not write are where the store would write.',
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
    means: 'GitHub does not allow that many files in a release, or files that large.',
    remedy: 'Publish fewer or smaller files; the message says which limit it is.',
  },
  'store.immutable': {
    means: 'Immutable releases are on, and prevent a change that is needed.',
    remedy: 'The message says how to go on; a published version never changes.',
  },
  'store.obstacle': {
    means: 'Something that publishing needs is missing, found before anything was built.',
    remedy: 'The message says what to click or set; `bakery check --preflight` looks again.',
  },
  'store.contended': {
    means: 'Other runs kept changing the same release.',
    remedy: 'Run again; one run at a time is best.',
  },
  'manifest.invalid': {
    means: 'A SHA256SUMS file cannot be parsed, or hosts would misread it.',
    remedy: 'Regenerate it with `bakery metadata NAME`.',
  },
  'catalogue.invalid': {
    means: 'A catalogue.json cannot be read.',
    remedy:
      '[catalogue.md](catalogue.md) describes the format; `bakery metadata --all` regenerates its catalogue.',
  },
  'catalogue.missing': {
    means: 'There is no catalogue.json: nothing has been published there, or only by an older version.',
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
    means: 'The source of a mirror lacks a file its index names.',
    remedy: 'Run again; if it persists, `bakery conformance` shows what is wrong with the source.',
  },
  'mirror.signature': {
    means: 'A manifest at the source and its signature do not match, even after several tries.',
    remedy: 'Run again; if it persists, `bakery conformance` shows what is wrong with the source.',
  },
  'mirror.differs': {
    means: 'A file at the source is not the one its index describes, or is no longer what was copied.',
    remedy: 'Do not use it. Ask whoever runs the source why it changed.',
  },
} satisfies Readonly<Record<string, Explained>>;
