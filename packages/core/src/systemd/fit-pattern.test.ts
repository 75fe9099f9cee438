import { expect, it } from '@jest/globals';
import { fitPattern } from './fit-pattern.ts';
import { parsePattern } from './pattern.ts';

it.each([
  ['tool-@v-%w-%a.raw', 'tool-3.8-1.fc42-42-x86-64.raw', ['3.8-1.fc42', 'x86-64', 'w=42', '']],
  ['tool_@v_%w_%a.raw.xz', 'tool_1.34.3+r1_13_arm64.raw.xz', ['1.34.3+r1', 'arm64', 'w=13', '']],
  ['tool-%A-@v.raw', 'tool-7.1-2.0.raw', ['2.0', undefined, 'A=7.1', '']],
  ['tool-@v-%M%w.raw', 'tool-1-a.raw', ['1', undefined, 'M= w=a', '']],
  ['tool-@v-%a.raw', 'tool-1-riscv64.raw', ['1', 'riscv64', '', '']],
  ['tool-@v-%a.raw', 'tool-1-arm64.raw.asc', ['1', 'arm64', '', '.asc']],
  ['tool_@v_@u_@a_@f.raw', `tool_1_${'0f'.repeat(16)}_1_0x5.raw`, ['1', undefined, '', '']],
])('%s fits %s', (pattern, file, expected) => {
  const fit = fitOf(pattern, file);
  expect(fit && [fit.version, fit.arch, fit.host, fit.rest]).toEqual(expected);
});

it.each([
  ['tool-@v-%a.raw', 'tool-1-mips.raw'],
  ['tool_@v_@m.raw', 'tool_1_4755.raw'],
  ['tool_@v_@t.raw', 'tool_1_today.raw'],
  ['tool_@v_@h.raw', `tool_1_${'0f'.repeat(31)}.raw`],
  ['tool-@v-%w.raw', 'tool-1.raw'],
])('%s does not fit %s', (pattern, file) => {
  expect(fitOf(pattern, file)).toBeUndefined();
});

it('comes to an end with patterns that are made to take long', () => {
  expect(fitOf(`${'%w%A'.repeat(30)}@v${'%M'.repeat(30)}x`, '1'.repeat(200))).toBeUndefined();
});

function fitOf(text: string, file: string) {
  const pattern = parsePattern(text);
  return pattern.kind === 'broken' ? undefined : fitPattern(pattern.parts, file);
}
