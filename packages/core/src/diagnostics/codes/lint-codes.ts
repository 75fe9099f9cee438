import type { Explained } from './explained.ts';

/** What `bakery lint` finds in recipes, and `bakery create` and `bakery verify` in trees and images. */
export const lintCodes = {
  'lint.unfinished': {
    means: 'A `bakery new` marker is still there.',
    remedy: 'Replace it with your own value.',
  },
  'lint.readme': { means: 'The recipe has no README.md.', remedy: 'Write what users need to know.' },
  'lint.unlike-others': {
    means: 'Upstream’s newest version is written like none of the others, and counts as `latest`.',
    remedy: 'If it is a mistake of upstream, name it under `versions.exclude`.',
  },
  'lint.smoke': { means: 'Nothing proves that an image works.', remedy: 'Add a command under `smoke`.' },
  'lint.license': {
    means: 'The licence is not an SPDX expression.',
    remedy: 'Use identifiers from the SPDX list, or `LicenseRef-NAME`.',
  },
  'lint.license-file': {
    means: 'The licence text is not shipped.',
    remedy: 'Put it into `/usr/share/licenses/NAME/`.',
  },
  'lint.https': { means: 'An address is plain HTTP.', remedy: 'Use `https://`.' },
  'lint.integrity': {
    means: 'Nothing proves that a download is authentic.',
    remedy: 'Use the hashes upstream publishes, or `{lock}`.',
  },
  'lint.unproved-script': {
    means: 'A build step runs a script of the reference, which fetches what nobody checks.',
    remedy: 'Write its downloads as `artifacts`; `bakery import` drafts them.',
  },
  'lint.reload': {
    means: '`reload` does not match whether there are units.',
    remedy: 'Set `reload: true` with units, and leave it out without.',
  },
  'lint.no-sbin': {
    means: '`/usr/sbin` in an image hides the host’s link of that name: the host no longer boots.',
    remedy: 'Use `/usr/bin`.',
  },
  'lint.no-usr-local': {
    means: '`/usr/local` is a link to `/var` on image-based hosts.',
    remedy: 'Use another path in `/usr`.',
  },
  'lint.exec-variable': {
    means: 'A unit names its program with a variable, which systemd does not expand there.',
    remedy: 'Write the path of the program.',
  },
  'lint.covers-host': {
    means: 'A file would shadow one that every host has.',
    remedy: 'Leave it out, or move it to a folder of your own.',
  },
  'lint.drop-in': { means: 'A drop-in does not end in `.conf`.', remedy: 'Rename it.' },
  'lint.upheld': {
    means: '`start` of a unit does not match what upholds it.',
    remedy: 'Ship exactly one `Upholds=` for `start: merge`, none otherwise.',
  },
  'lint.network-online': {
    means: 'A unit is ordered after the network but does not pull it in.',
    remedy: 'Add `Wants=network-online.target`.',
  },
  'lint.final-newline': { means: 'A text file does not end in a newline.', remedy: 'Add one.' },
  'lint.unused-option': { means: 'An option changes nothing.', remedy: 'Use it, or remove it.' },
  'lint.pinned-image': {
    means: 'A container image is not pinned.',
    remedy: 'Add its digest: `IMAGE@sha256:…`.',
  },
  'tree.top-level': {
    means: 'There is something outside `/usr` and `/opt`, the only folders merged into a host.',
    remedy: 'Move the files below `/usr`.',
  },
  'tree.empty': {
    means: 'The image contains nothing but its extension-release and licences.',
    remedy: 'Check which conditions of the recipe hold for this version and architecture.',
  },
  'tree.no-smoke-program': {
    means: 'A program under `smoke` is not in the tree, or not executable.',
    remedy: 'Ship it, or correct the line under `smoke`.',
  },
  'tree.packed-program': {
    means: 'A program is a compressed file or an archive.',
    remedy: 'Extract it with `unpack`; a single compressed file has one member, `content`.',
  },
  'tree.no-executable': {
    means: 'A file in a folder of programs is neither ELF nor a script.',
    remedy: 'Check what upstream serves, or put the file elsewhere.',
  },
  'tree.foreign-loader': {
    means: 'A program needs a loader that glibc hosts do not have.',
    remedy: 'Pick the glibc or static download, or wrap it with `flatwrap`.',
  },
  'tree.interpreter': {
    means: 'A script needs an interpreter that hosts do not have.',
    remedy: 'Ship the interpreter, or correct the first line of the script.',
  },
  'tree.host-link': {
    means: 'An absolute link points to something that not every host has.',
    remedy: 'Ship its target, or leave the link out.',
  },
  'tree.exec-variable': {
    means: 'A unit names its program with a variable, which systemd does not expand there.',
    remedy: 'Write the path of the program.',
  },
  'tree.covers-host': {
    means: 'A file shadows one that every host has.',
    remedy: 'Leave it out, or move it to a folder of your own.',
  },
  'tree.sbin': { means: 'Something is in, or expects, `/usr/sbin`.', remedy: 'Use `/usr/bin`.' },
  'tree.hidden-link': {
    means: 'A folder shadows a symlink that some hosts have.',
    remedy: 'Use `/usr/lib`.',
  },
  'tree.os-release': {
    means: 'A file says which OS the host runs, which systemd refuses in extensions.',
    remedy: 'Exclude it.',
  },
  'tree.extension-release': {
    means: 'There is more than one extension-release file.',
    remedy: 'Leave out the others; the bakery writes its own.',
  },
  'tree.name': { means: 'A file name is too long, or not plain UTF-8.', remedy: 'Exclude or rename it.' },
  'tree.special-file': { means: 'A device, pipe or socket is in the tree.', remedy: 'Exclude it.' },
  'tree.special-bits': {
    means: 'A file is setuid, setgid or sticky.',
    remedy: 'Set a plain mode, or exclude the file.',
  },
  'tree.world-writable': { means: 'A file is world-writable.', remedy: 'Set a plain mode.' },
  'tree.closed-folder': { means: 'Other users cannot enter a folder.', remedy: 'Set mode 0755.' },
  'tree.link-outside': { means: 'A link leads out of the image.', remedy: 'Correct its target.' },
  'tree.wrong-arch': {
    means: 'A program is for another architecture.',
    remedy: 'Check which download the recipe picks for this architecture.',
  },
  'tree.drop-in': {
    means: 'A file in a unit’s drop-in folder is not one systemd reads.',
    remedy: 'Rename it to `….conf`, or make it a link to a unit.',
  },
  'tree.no-unit': { means: 'A unit that another one names is not in the tree.', remedy: 'Ship it.' },
  'tree.no-program': {
    means: 'A program that a unit starts is not in the tree.',
    remedy: 'Ship it, or correct the path in the unit.',
  },
  'tree.not-executable': { means: 'The program a unit starts is not executable.', remedy: 'Set mode 0755.' },
  'tree.split-variable': {
    means: 'A variable in a unit is passed as one argument, whatever it contains.',
    remedy: 'Leave out the braces: `$ARGS`.',
  },
  'tree.unit-boolean': { means: 'A setting of a unit is neither yes nor no.', remedy: 'Correct it.' },
  'tree.no-user': {
    means: 'The user of a unit is not created.',
    remedy: 'Ship a file for it in `/usr/lib/sysusers.d`.',
  },
  'tree.final-newline': { means: 'A text file does not end in a newline.', remedy: 'Add one.' },
  'image.owner': { means: 'A file in the image does not belong to root.', remedy: 'Rebuild the image.' },
  'image.root-mode': { means: 'The image’s root folder does not have mode 0755.', remedy: 'Rebuild it.' },
  'image.release': {
    means: 'The extension-release file is missing, wrong, or for another architecture.',
    remedy: 'Rebuild the image.',
  },
  'image.name': {
    means: 'The file name does not match the image, so systemd-sysext refuses it.',
    remedy: 'Rename it to `NAME.raw` or `NAME-VERSION-ARCH.raw`.',
  },
} satisfies Readonly<Record<string, Explained>>;
