/** Names of assets in the middle of being replaced: NAME.new-ID is uploaded, NAME.old-ID about to go. */
const temporary = /^(.+)\.(new|old)-[0-9a-f]{8}$/;

export function newName(name: string, id: string): string {
  return `${name}.new-${id}`;
}

export function oldName(name: string, id: string): string {
  return `${name}.old-${id}`;
}

/** The name this asset is meant for, or had. */
export function finalName(name: string): string | undefined {
  return temporary.exec(name)?.[1];
}

/** The name this asset had until it was moved out of the way. */
export function replacedName(name: string): string | undefined {
  const [, final, kind] = temporary.exec(name) ?? [];
  return kind === 'old' ? final : undefined;
}

/** What the run that made this NAME.old-ID uploaded as its successor. */
export function newNameBeside(old: string): string {
  return old.replace(/\.old-([0-9a-f]{8})$/, '.new-$1');
}

/** Unique enough among the runs of one repository. */
export function swapId(random: () => number): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
