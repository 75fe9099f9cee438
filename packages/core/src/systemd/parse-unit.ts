/** One assignment of a unit file. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  /** Continued lines joined by a space, as systemd does. */
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

/** A line that says nothing. With one that starts like a section the file is refused; others are passed over. */
export interface OddLine {
  readonly content: string;
  readonly isFatal: boolean;
}

/** The assignments of a unit file in order, empty ones included (systemd.syntax(7)). */
export function parseUnit(text: string): Setting[] {
  return readUnit(text).settings;
}

/** The assignments of a unit file, and the lines that are none. */
export function readUnit(text: string): { readonly settings: Setting[]; readonly odd: readonly OddLine[] } {
  const settings: Setting[] = [];
  const odd: OddLine[] = [];
  let section = '';
  for (const { line, content } of logicalLines(text.replace(/^\u{FEFF}/u, ''))) {
    const header = /^\[(.+)\]$/.exec(content);
    if (header !== null) {
      section = header[1] ?? '';
      continue;
    }
    const equals = content.indexOf('=');
    if (equals < 1 || content.startsWith('[')) {
      odd.push({ content, isFatal: content.startsWith('[') });
      continue;
    }
    const key = content.slice(0, equals).trimEnd();
    settings.push({ section, key, value: content.slice(equals + 1).trimStart(), line });
  }
  return { settings, odd };
}

function logicalLines(text: string): { readonly line: number; readonly content: string }[] {
  const found: { line: number; content: string }[] = [];
  let open: { line: number; content: string } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    // Comments between continued lines are skipped and do not end the line.
    if (/^[#;]/.test(content)) continue;
    if (content === '' && open === undefined) continue;
    const isContinued = content.endsWith('\\');
    const piece = isContinued ? content.slice(0, -1) : content;
    open =
      open === undefined
        ? { line: index + 1, content: piece }
        : { ...open, content: `${open.content} ${piece}` };
    if (isContinued) continue;
    found.push({ ...open, content: open.content.trim() });
    open = undefined;
  }
  if (open !== undefined) found.push({ ...open, content: open.content.trim() });
  return found;
}

/** Splits a command line into words; quotes group and are dropped, `\` escapes one character. */
export function splitWords(command: string): string[] {
  const words = command.match(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/g,
      (_, double?: string, single?: string) => double ?? single ?? '',
    ),
  );
}
