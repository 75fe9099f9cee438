import { describe, expect, it } from '@jest/globals';
import { placeholdersIn, render } from './template.ts';

describe('a template', () => {
  it.each([
    ['{a}-{b-c}', '1-2'],
    ['{{a}}', '{a}'],
    ['{{{a}}}', '{{a}}'],
    ['{"x":{"y":"{a}"}}', '{"x":{"y":"1"}}'],
    ['${HOME} {A} {}', '${HOME} {A} {}'],
    ['{bin,sbin}/*', '{bin,sbin}/*'],
  ])('%s becomes %s', (template, text) => {
    expect(render(template, { a: '1', 'b-c': '2' })).toBe(text);
  });

  it('never fills in what a value holds', () => {
    expect(render('{a}', { a: '{b}', b: 'x' })).toBe('{b}');
  });

  it('names what is known when a placeholder is not', () => {
    expect(() => render('{x}', { a: '1', b: '2' })).toThrow('expected one of {a} {b}, got {x}');
    expect(() => render('{constructor}', { a: '1' })).toThrow('got {constructor}');
  });

  it('lists its placeholders once', () => {
    expect(placeholdersIn('{a}{b}{a}{{c}}')).toEqual(['a', 'b']);
  });
});
