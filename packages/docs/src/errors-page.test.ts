import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codes } from '@bakery/core/src/diagnostics/code.ts';
import { hubRules } from '@bakery/core/src/diagnostics/codes/hub-rules.ts';
import { errorsFile, errorsPage } from './errors-page.ts';

const root = join(import.meta.dirname, '../../..');

describe('the page of error codes', () => {
  it('is what the codes say (pnpm generate)', async () => {
    expect(await readFile(join(root, errorsFile), 'utf8')).toBe(errorsPage());
  });

  it('has a meaning and a remedy for every code, as sentences', () => {
    for (const [code, { means, remedy }] of Object.entries(codes)) {
      expect(`${code} ${means}`).toMatch(/\.$/);
      expect(`${code} ${remedy}`).toMatch(/\.$/);
    }
  });

  it('leads to the rules of hubs', async () => {
    const page = await readFile(join(root, 'docs/conformance.md'), 'utf8');
    for (const rule of hubRules) expect(page).toContain(`| \`hub.${rule}\` |`);
  });
});
