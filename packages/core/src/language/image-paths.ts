import { z } from 'zod';

const plain = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[^\p{Cc}\\]+$/u;

const Path = z.string().max(1024, { error: 'expected a path of at most 1024 characters' });

/** A path in the finished image: absolute, below /usr or /opt, no `.`, `..` or empty part. */
export const ImagePath = Path.refine((path) => /^\/(usr|opt)\/./.test(path) && plain.test(path.slice(1)), {
  error: 'expected a path below /usr or /opt without "." or ".." parts',
});

/** A file in the finished image: an ImagePath that does not end in "/". */
export const ImageFile = ImagePath.refine((path) => !path.endsWith('/'), {
  error: 'expected the path of a file, without "/" at the end',
});

/** A folder in the finished image; other than an ImagePath it may be /usr or /opt itself. */
export const ImageFolder = Path.refine(
  (path) => /^\/(usr|opt)(\/|$)/.test(path) && plain.test(path.slice(1)),
  {
    error: 'expected /usr, /opt or a path below them without "." or ".." parts',
  },
);

/** Where members of an archive go: a file, or a folder when it ends in "/". */
export const MemberTarget = Path.refine(
  (path) => ImagePath.safeParse(path).success || /^\/(usr|opt)\/$/.test(path),
  {
    error: 'expected a path below /usr or /opt, or a folder ending in "/"',
  },
);

/** A path relative to the recipe’s folder that stays inside it. */
export const RecipePath = Path.refine((path) => plain.test(path) && !path.startsWith('/'), {
  error: 'expected a path inside the recipe’s folder',
});

/** A member of an archive, with `*`, `**` and `{a,b}`… as picomatch reads them. */
export const MemberGlob = Path.refine((path) => plain.test(path) && !path.startsWith('/'), {
  error: 'expected the path of a member inside the archive',
});

/** Permission bits in octal, quoted: "0755". No setuid, setgid or sticky bit. */
export const Mode = z
  .string()
  .regex(/^0?[0-7]{3}$/, { error: 'expected octal permissions like "0755", quoted' });

/** An absolute path that needs no quotes anywhere: not in a shell, not in a unit. */
export const plainPath = /^(\/[\w@+-][\w.@+-]*)+$/;
