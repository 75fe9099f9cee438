import { describe, expect, it } from '@jest/globals';
import { parseUnit, splitWords } from './parse-unit.ts';

describe('parseUnit', () => {
  it('reads sections, comments, continued lines and empty values', () => {
    const text = [
      '# comment',
      '[Unit]',
      'Description = A tool ',
      '',
      '[Service]',
      'ExecStart=',
      'ExecStart=/usr/bin/tool \\',
      '; between',
      '  --flag',
      '[X]',
      'Last=1',
    ].join('\n');
    expect(parseUnit(text)).toEqual([
      { section: 'Unit', key: 'Description', value: 'A tool', line: 3 },
      { section: 'Service', key: 'ExecStart', value: '', line: 6 },
      { section: 'Service', key: 'ExecStart', value: '/usr/bin/tool  --flag', line: 7 },
      { section: 'X', key: 'Last', value: '1', line: 11 },
    ]);
  });

  it('keeps a line that is continued by nothing', () => {
    expect(parseUnit('A=b \\')).toEqual([{ section: '', key: 'A', value: 'b', line: 1 }]);
  });
});

describe('splitWords', () => {
  it.each([
    ['a b  c', ['a', 'b', 'c']],
    [`a "b c" 'd e' --x="f g"`, ['a', 'b c', 'd e', '--x=f g']],
    ['', []],
    ['sh -c "echo \\"x\\" ; y"', ['sh', '-c', 'echo \\"x\\" ; y']],
  ])('splits %s', (command, words) => {
    expect(splitWords(command)).toEqual(words);
  });
});
