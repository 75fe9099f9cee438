import type { Explained } from './explained.ts';

/** What people write: options, inputs, settings, lists, recipes. */
export const inputCodes = {
  'input.invalid': {
    means: 'An option, action input, setting or environment variable has a value that cannot be used.',
    remedy: 'Correct the value; the message names it and what was expected.',
  },
  'name.invalid': {
    means: 'A name or version contains something that hosts, file names or tags cannot carry.',
    remedy: 'Choose another name; use letters, digits and `.` `_` `+` `-`.',
  },
  'folder.taken': {
    means: 'A folder to be created already exists.',
    remedy: 'Remove it, or choose another name.',
  },
  'path.outside': {
    means: 'A symlink points out of the folder that a file must come from.',
    remedy: 'Replace the link with the file.',
  },
  'path.no-file': {
    means: 'A path names something unexpected, for example a device or a folder.',
    remedy: 'Put a plain file there, or name another path.',
  },
  'path.too-large': { means: 'A file is larger than allowed.', remedy: 'Name another file.' },
  'list.invalid': {
    means: 'A line of the release list cannot be read.',
    remedy: 'Write `NAME VERSION` or `NAME latest`, one per line.',
  },
  'version.none': {
    means: 'Upstream has no version that fits the recipe.',
    remedy: 'Check the filters under `versions`; `bakery list NAME` shows what they leave.',
  },
  'version.unknown': {
    means: 'The version does not exist upstream.',
    remedy: 'Pick one that `bakery list NAME` shows.',
  },
  'version.listing': {
    means: 'Upstream’s version list is not what the recipe describes.',
    remedy: 'Look at the page; if upstream changed it, update `versions` in the recipe.',
  },
  'recipe.syntax': {
    means: 'The file is not plain YAML.',
    remedy: 'Correct the line; anchors, aliases and tags are not allowed.',
  },
  'recipe.unknown-key': {
    means: 'The file has a key that the format does not know.',
    remedy: 'Correct the spelling; `docs/recipe-format.md` lists the keys of a recipe.',
  },
  'recipe.invalid': {
    means: 'A value is not valid for its key, or contradicts another one.',
    remedy: 'Correct the value at the place shown.',
  },
  'recipe.placeholder': {
    means: 'A text contains a `{placeholder}` that is unknown there.',
    remedy: 'Use one of those the message lists.',
  },
  'recipe.address': {
    means: 'An address is not one that can be fetched once its placeholders are filled in.',
    remedy: 'Correct the template, or the option that went into it.',
  },
  'recipe.option': {
    means: 'An option does not exist in the recipe, or has a value it does not allow.',
    remedy: '`bakery create NAME --help` lists the options.',
  },
  'recipe.no-arch': {
    means: 'The recipe is not built for this architecture.',
    remedy: 'Choose another one with `--arch`, or add it to the recipe.',
  },
  'recipe.files': {
    means: 'A folder of static files is missing, or contains more than `usr/` and `opt/`.',
    remedy: 'Move the files below `usr/` or `opt/`.',
  },
  'recipe.lock': {
    means: 'The file with recorded hashes cannot be read.',
    remedy: 'Restore it from version control.',
  },
  'recipe.missing': {
    means: 'A folder that should contain recipes, or a recipe, does not.',
    remedy: 'Check the path given with `--recipes` or in `bakery.yaml`.',
  },
  'recipe.unknown': { means: 'There is no recipe of that name.', remedy: '`bakery list` shows all recipes.' },
  'recipe.reserved': {
    means: 'A recipe has a name under which a bakery publishes something of its own.',
    remedy:
      'Rename it; or say `sign: {keys-extension: off}` in bakery.yaml, where the name is `bakery-keys`.',
  },
  'recipe.twice': {
    means: 'Two folders contain a recipe of the same name.',
    remedy: 'Rename one, or leave out one of the folders.',
  },
} satisfies Readonly<Record<string, Explained>>;
