/** A transfer file (sysupdate.d(5)) as far as its lines go. */
export interface TransferFile {
  /** `NAME.conf`. */
  readonly file: string;
  readonly text: string;
  /** Values by `Section.Key`, in the order they stand there. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Lines that are neither section, assignment, comment nor empty. */
  readonly odd: readonly string[];
}

export function readTransfer(file: string, text: string): TransferFile {
  const values = new Map<string, string[]>();
  const odd: string[] = [];
  let section = '';
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || /^[#;]/.test(line)) continue;
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      continue;
    }
    const [, key, value] = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || section === '') odd.push(line);
    else values.set(`${section}.${key}`, [...(values.get(`${section}.${key}`) ?? []), value]);
  }
  return { file, text, values, odd };
}

/** The value that counts: the last one. */
export function valueOf({ values }: TransferFile, key: string): string | undefined {
  return values.get(key)?.at(-1);
}

/** Patterns of one section, those on one line apart. */
export function patternsOf({ values }: TransferFile, section: 'Source' | 'Target'): readonly string[] {
  const lines = values.get(`${section}.MatchPattern`) ?? [];
  return lines.flatMap((line) => line.split(/\s+/)).filter((pattern) => pattern !== '');
}

/** The folder of `Path=`, with its `%%` undone and a slash at the end. */
export function folderOf(transfer: TransferFile): string | undefined {
  const path = valueOf(transfer, 'Source.Path');
  return path === undefined ? undefined : `${path.replaceAll('%%', '%').replace(/\/+$/, '')}/`;
}
