import { expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { parseRecipe } from './load.ts';

const head = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0, 1.1.0] }
arch: { x86-64: amd64, arm64: arm64 }
`;

it('says each thing that is wrong as data too, with a code and a place', () => {
  const text = `${head}nmae: x\ntext: [{ path: /usr/x, content: '{typo}' }]\n`;
  expect(diagnosticsOf(text)).toEqual([
    expect.objectContaining({
      code: 'recipe.unknown-key',
      severity: 'error',
      place: { file: 'r.yaml', line: 8, column: 1 },
    }),
  ]);
  expect(diagnosticsOf(text.replace('nmae: x\n', ''))).toMatchObject([
    { code: 'recipe.placeholder', place: { file: 'r.yaml', line: 8 } },
  ]);
  expect(diagnosticsOf('a: [')).toMatchObject([{ code: 'recipe.syntax', place: { line: 1 } }]);
});

function diagnosticsOf(text: string): unknown {
  try {
    parseRecipe(text, 'r.yaml');
    return [];
  } catch (error) {
    return error instanceof UserError ? error.diagnostics : error;
  }
}
