import { z } from 'zod';

const plain = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[^\p{Cc}\\]+$/u;

/** A path in the finished image: absolute, below /usr or /opt, no `.`, `..` or empty part. */
export const ImagePath = z
  .string()
  .refine((path) => /^\/(usr|opt)\/./.test(path) && plain.test(path.slice(1)), {
    error: 'expected a path below /usr or /opt without "." or ".." parts',
  });

/** A file in the finished image: an ImagePath that does not end in "/". */
export const ImageFile = ImagePath.refine((path) => !path.endsWith('/'), {
  error: 'expected the path of a file, without "/" at the end',
});

/** A folder in the finished image; other than an ImagePath it may be /usr or /opt itself. */
export const ImageFolder = z
  .string()
  .refine((path) => /^\/(usr|opt)(\/|$)/.test(path) && plain.test(path.slice(1)), {
    error: 'expected /usr, /opt or a path below them without "." or ".." parts',
  });

/** Where members of an archive go: a file, or a folder when it ends in "/". */
export const MemberTarget = z
  .string()
  .refine((path) => ImagePath.safeParse(path).success || /^\/(usr|opt)\/$/.test(path), {
    error: 'expected a path below /usr or /opt, or a folder ending in "/"',
  });

/** A path relative to the recipe’s folder that stays inside it. */
export const RecipePath = z.string().refine((path) => plain.test(path) && !path.startsWith('/'), {
  error: 'expected a path inside the recipe’s folder',
});

/** A member of an archive, with `*`, `**` and `{a,b}`… as picomatch reads them. */
export const MemberGlob = z.string().refine((path) => plain.test(path) && !path.startsWith('/'), {
  error: 'expected the path of a member inside the archive',
});

/** Permission bits in octal, quoted: "0755". No setuid, setgid or sticky bit. */
export const Mode = z
  .string()
  .regex(/^0?[0-7]{3}$/, { error: 'expected octal permissions like "0755", quoted' });

/** An absolute path that needs no quotes anywhere: not in a shell, not in a unit. */
export const plainPath = /^(\/[\w@+-][\w.@+-]*)+$/;
