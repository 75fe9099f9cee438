import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../diagnostics/user-error.ts';
import type { Edit } from './staging.ts';
import type { Tree } from './tree.ts';

const maxBytes = 16 * 1024 * 1024; // what is edited is a text, and the longest text V8 can hold is 512 MiB

/** Replaces every occurrence of a literal text in a file of the tree; there must be one. */
export function editFile(tree: Tree, edit: Edit): void {
  const found = tree.written.get(edit.path);
  if (found?.kind !== 'file') {
    const got = found === undefined ? 'nothing' : `a ${found.kind} of ${found.by}`;
    throw new UserError('tree.edit', `edit ${edit.path}: expected a file in the tree, got ${got}`);
  }
  const { size } = statSync(tree.at(edit.path));
  if (size > maxBytes) {
    throw new UserError(
      'tree.edit',
      `edit ${edit.path}: expected a file of at most ${maxBytes} bytes, got ${size}`,
    );
  }
  // As Latin-1 every byte is one character, so that what is not text survives.
  const content = readFileSync(tree.at(edit.path), 'latin1');
  const wanted = bytewise(edit.replace);
  if (!content.includes(wanted)) {
    throw new UserError(
      'tree.edit',
      `edit ${edit.path}: expected the text ${JSON.stringify(edit.replace)} in it, got none`,
    );
  }
  tree.replace(
    edit.path,
    Buffer.from(
      content.replaceAll(wanted, () => bytewise(edit.with)),
      'latin1',
    ),
  );
}

function bytewise(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
