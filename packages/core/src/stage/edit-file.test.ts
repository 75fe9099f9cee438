import { truncateSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { editFile } from './edit-file.ts';
import { createTree } from './tree.ts';

it('edits no file that is too large to be a text', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'edit-'));
  const tree = createTree(folder.path);
  tree.file('/usr/x', '', 0o644, 'a test');
  truncateSync(tree.at('/usr/x'), 3 * 1024 ** 3);
  expect(() => editFile(tree, { path: '/usr/x', replace: 'a', with: 'b' })).toThrow(
    'edit /usr/x: expected a file of at most 16777216 bytes, got 3221225472',
  );
});
