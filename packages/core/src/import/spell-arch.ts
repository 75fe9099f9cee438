/** A text for x86-64 and the same for arm64. */
export type Pair = readonly [x8664: string, arm64: string];

/** A text in which a placeholder may stand for what the architectures are called. */
export interface SpeltText {
  readonly text: string;
  /** What {arch} stands for in it; undefined where it has none. */
  readonly arch: Pair | undefined;
}

const own: readonly (readonly [Pair, string])[] = [
  [['x86-64', 'arm64'], '{systemd-arch}'],
  [['x86_64', 'aarch64'], '{gnu-arch}'],
  [['amd64', 'arm64'], '{go-arch}'],
];
const others: readonly Pair[] = [
  ['x86_64', 'arm64'],
  ['x86_64', 'armv8'],
  ['x64', 'arm64'],
  ['x64', 'aarch64'],
  ['amd64', 'aarch64'],
  ['x86-64', 'aarch64'],
  ['64bit', 'arm64'],
];

/** Finds what is different for two architectures; undefined when a single name does not explain it. */
export function spellArch(x8664: string, arm64: string): SpeltText | undefined {
  if (x8664 === arm64) return { text: x8664, arch: undefined };
  for (const pair of [...own.map(([known]) => known), ...others]) {
    const text = x8664.replaceAll(pair[0], '{arch}');
    if (text === arm64.replaceAll(pair[1], '{arch}')) return { text, arch: pair };
  }
  return spellTwoNames(x8664, arm64) ?? spellDifference(x8664, arm64);
}

/** amd64 in one place, x86_64 in another. */
function spellTwoNames(x8664: string, arm64: string): SpeltText | undefined {
  const parts = x8664.split(/(x86_64|x86-64|amd64)/);
  const text = parts.map((part) => own.find(([[name]]) => name === part)?.[1] ?? part).join('');
  const back = own.reduce((done, [[, name], placeholder]) => done.replaceAll(placeholder, name), text);
  return back === arm64 ? { text, arch: undefined } : undefined;
}

/** One place that is different, by whatever name; possibly none at all. */
function spellDifference(x8664: string, arm64: string): SpeltText | undefined {
  let start = 0;
  while (start < x8664.length && x8664[start] === arm64[start]) start++;
  let end = 0;
  while (end < Math.min(x8664.length, arm64.length) - start && x8664.at(-1 - end) === arm64.at(-1 - end))
    end++;
  const names: Pair = [x8664.slice(start, x8664.length - end), arm64.slice(start, arm64.length - end)];
  const isName = names.every((name) => /^[\w.-]{0,16}$/.test(name));
  const rest = x8664.slice(x8664.length - end);
  return isName ? { text: `${x8664.slice(0, start)}{arch}${rest}`, arch: names } : undefined;
}
