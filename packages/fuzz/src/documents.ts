import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { feedImages } from '@bakery/core/src/conformance/feed-images.ts';
import { readManifest } from '@bakery/core/src/conformance/manifest-rules.ts';
import { checkMatches } from '@bakery/core/src/conformance/pattern-rules.ts';
import { readTransfer } from '@bakery/core/src/conformance/read-transfer.ts';
import { checkTransfer } from '@bakery/core/src/conformance/transfer-rules.ts';
import { parseHash } from '@bakery/core/src/fetch/integrity/literal.ts';
import { parseSidecar } from '@bakery/core/src/fetch/integrity/sidecar.ts';
import { findSum } from '@bakery/core/src/fetch/integrity/sums.ts';
import { parseRecipe } from '@bakery/core/src/recipe/load.ts';
import { parseRelease } from '@bakery/core/src/systemd/extension-release.ts';
import { parseManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { transferText } from '@bakery/core/src/sysupdate/transfer.ts';
import { readNames } from '@bakery/core/src/versions/sources/names.ts';
import { edited, edits, nastyText } from './edits.ts';
import { fuzzTarget } from './target.ts';

const folder = join(import.meta.dirname, '../../../recipes');
const texts = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readFileSync(join(folder, name, 'recipe.yaml')));

const hash = '0f'.repeat(32);
const names = ['tool-1.0-x86-64.raw', 'tool-v1.1+k3s1-arm64.raw', 'tool-1.2-1.fc43-43-x86-64.raw.xz'];
const manifest = names.map((name) => `${hash}  ${name}\n`).join('');
const transfer = transferText({ name: 'tool', url: 'https://hub.example/tool/' });

/** A sound document that was damaged, or any text at all. */
function damaged(...sound: readonly [string | Buffer, ...(string | Buffer)[]]): fc.Arbitrary<string> {
  const changed = fc
    .tuple(fc.constantFrom(...sound), edits(5))
    .map(([text, changes]) => edited(Buffer.from(text), changes).toString());
  return fc.oneof({ arbitrary: changed, weight: 4 }, { arbitrary: nastyText, weight: 1 });
}

export const recipes = fuzzTarget('recipes', 300, damaged('', ...texts), (text) => {
  parseRecipe(text, 'recipe.yaml');
});

/** What one reader takes for sound the other has nothing to say against. */
export const manifests = fuzzTarget('manifests', 500, damaged(manifest), (text) => {
  const { complaints } = readManifest(Buffer.from(text), 'SHA256SUMS', '2026-11-23');
  for (const { message } of complaints)
    if (!/^expected .+, got .+/s.test(message)) throw new Error('says nothing');
  parseManifest(text);
});

const patterns = fc.array(
  fc.oneof(
    fc.constantFrom('@v', '@u', '@a', '%a', '%w', '%A', '%M', '%%', '@@', '-', '_', '.raw'),
    nastyText,
  ),
  { maxLength: 40 },
);

export const transfers = fuzzTarget(
  'transfers',
  300,
  fc.record({ text: damaged(transfer), pattern: patterns.map((pieces) => pieces.join('')) }),
  ({ text, pattern }) => {
    const lines = names.map((name, line) => ({ name, line, sha256: hash }));
    for (const written of [text, transfer.replaceAll('tool-@v-%a.raw', () => pattern)]) {
      const read = readTransfer('tool.transfer', written);
      checkTransfer(read, { name: 'tool', place: 'x', isSigned: false });
      checkMatches('tool', read, lines, 'x');
      feedImages('tool', lines, [read]);
      parseRelease(written);
    }
  },
);

const listing = '["1.0", "v1.1"]\n';

export const upstreamAnswers = fuzzTarget(
  'upstream answers',
  500,
  damaged(listing, manifest, 'a:\n  - b: 1.30\n'),
  (text) => {
    const reads = [
      () => readNames(text, { parse: 'json', path: '@' }, 'https://up/'),
      () => readNames(text, { parse: 'yaml', path: 'a[].b' }, 'https://up/'),
      () => readNames(text, { regex: 'v(\\d[^"]*)' }, 'https://up/'),
      () => findSum(text, names[0] ?? '', 'https://up/'),
      () => parseSidecar(text, names[0] ?? '', 'https://up/'),
      () => parseHash(text, 'https://up/'),
    ];
    const errors = reads.flatMap((read) => {
      try {
        read();
        return [];
      } catch (error) {
        return [error];
      }
    });
    const [first] = errors.toSorted((a, b) => Number(isUserError(a)) - Number(isUserError(b)));
    if (first !== undefined) throw first;
  },
);

function isUserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'UserError';
}
