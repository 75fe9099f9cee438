import type { Arch } from '../names/arch.ts';
import type { Part } from './read-part.ts';
import { type Pair, spellArch, type SpeltText } from './spell-arch.ts';

/** A part with placeholders for what is different on the architectures. */
export interface JoinedPart {
  readonly part: Part;
  /** What {arch} stands for in it. */
  readonly arch: Pair | undefined;
  /** The only architecture that has it. */
  readonly only: Arch | undefined;
}

/** Brings together what two runs made for two architectures. */
export function joinArches(x8664: readonly Part[], arm64: readonly Part[]): JoinedPart[] {
  const isSame =
    x8664.length === arm64.length && x8664.every(({ kind }, index) => kind === arm64[index]?.kind);
  const taken = new Set<Part>();
  const joined = x8664.map((part, index): JoinedPart => {
    const other = isSame ? arm64[index] : arm64.find(({ kind, to }) => kind === part.kind && to === part.to);
    const both = other === undefined ? undefined : join(part, other);
    if (other === undefined || both === undefined) return { part, arch: undefined, only: 'x86-64' };
    taken.add(other);
    return { ...both, only: undefined };
  });
  const rest = arm64.filter((part) => !taken.has(part));
  return [...joined, ...rest.map((part) => ({ part, arch: undefined, only: 'arm64' as const }))];
}

type Joined = Pick<JoinedPart, 'part' | 'arch'>;

function join(a: Part, b: Part): Joined | undefined {
  const to = spellArch(a.to, b.to);
  if (to === undefined) return undefined;
  if (a.kind === 'place' && b.kind === 'place') {
    return agreed([to, spellArch(a.url, b.url)], ([path, url]) => ({ ...a, to: path, url }));
  }
  if (a.kind === 'member' && b.kind === 'member') {
    const texts = [to, spellArch(a.url, b.url), spellArch(a.member, b.member)];
    return agreed(texts, ([path, url, member]) => ({ ...a, to: path, url, member }));
  }
  if (a.kind === 'whole' && b.kind === 'whole') {
    const texts = [to, spellArch(a.url, b.url), spellArch(a.top, b.top)];
    return agreed(texts, ([path, url, top]) => ({ ...a, to: path, url, top }));
  }
  if (a.kind === 'link' && b.kind === 'link') {
    return agreed([to, spellArch(a.target, b.target)], ([path, target]) => ({ ...a, to: path, target }));
  }
  if (a.kind === 'text' && b.kind === 'text') {
    return agreed([to, spellArch(a.content, b.content)], ([path, content]) => ({ ...a, to: path, content }));
  }
  return a.kind === b.kind ? { part: { ...a, to: to.text }, arch: to.arch } : undefined;
}

/** One name has to do in all texts of a part; those that need another say it by its own placeholder. */
function agreed(
  texts: readonly (SpeltText | undefined)[],
  build: (texts: [string, string, string]) => Part,
): Joined | undefined {
  const found = texts.filter((text) => text !== undefined);
  if (found.length < texts.length) return undefined;
  const [arch, ...others] = found
    .flatMap((text) => (text.arch === undefined ? [] : [text.arch]))
    .filter((pair, index, all) => all.findIndex((one) => one.join('/') === pair.join('/')) === index);
  if (others.length > 0) return undefined;
  const [first = '', second = '', third = ''] = found.map(({ text }) => text);
  return { part: build([first, second, third]), arch };
}
