import type { Explained } from './explained.ts';

/** From downloads to an image. */
export const buildCodes = {
  'archive.unknown': {
    means: 'The format of an archive cannot be told from its name.',
    remedy: 'Set `unpack.format` in the recipe.',
  },
  'archive.damaged': {
    means: 'An archive cannot be read to its end.',
    remedy: 'Download it again; if that does not help, upstream’s file is broken.',
  },
  'archive.refused': {
    means: 'An archive contains something that could write outside its folder, or is not a plain file.',
    remedy: 'Select other members in the recipe, and tell upstream.',
  },
  'archive.too-large': {
    means: 'An archive unpacks to more than its limit.',
    remedy: 'Raise `unpack.limit` in the recipe if the size is right.',
  },
  'archive.no-member': {
    means: 'A file the recipe selects is not in the archive, or several are.',
    remedy: 'Compare with the names the message lists; upstream may have renamed it.',
  },
  'tree.conflict': { means: 'Two parts of the recipe write the same path.', remedy: 'Change one of them.' },
  'tree.link': { means: 'A link points to nothing in the tree.', remedy: 'Correct the target of the link.' },
  'tree.missing': {
    means: 'A path under `require` is not in the tree.',
    remedy: 'Check whether upstream moved the file.',
  },
  'tree.edit': {
    means: 'A text to replace is not in its file.',
    remedy: 'Check whether upstream changed the file, and update `edit`.',
  },
  'tree.broken-rules': {
    means: 'A host that merges the finished tree would be damaged, or refuse it.',
    remedy: 'Fix what the lines below the message say; each has a code of its own.',
  },
  'build.failed': { means: 'A build script failed.', remedy: 'Read the end of its output in the message.' },
  'build.package': {
    means: 'A package is not available, or not in the version asked for.',
    remedy: 'Check its name, its version and the suite in the recipe.',
  },
  'build.image': {
    means: 'A container image is not available for this architecture.',
    remedy: 'Check its reference, and the registry it comes from.',
  },
  'build.root': {
    means: 'A path that a `flix` or `flatwrap` step takes is not in its root file system.',
    remedy: 'Correct the path, or add the package that contains it.',
  },
  'build.source': {
    means: 'A git repository, tag or submodule cannot be fetched.',
    remedy: 'Check the address and the tag; a tag that moved is worth a question to upstream.',
  },
  'image.settings': {
    means: 'A format does not know this compression, level, block size or size.',
    remedy: 'Choose from what the message lists.',
  },
  'image.not-packable': {
    means: 'The tree contains something the image format does not support.',
    remedy: 'Choose another format.',
  },
  'image.unreadable': {
    means: 'The file is not an image in a known format.',
    remedy: 'Name a squashfs, erofs, btrfs or ext image.',
  },
  'image.damaged': {
    means: 'An image is damaged, or crafted to mislead whoever reads it.',
    remedy: 'Download or build it again.',
  },
} satisfies Readonly<Record<string, Explained>>;
