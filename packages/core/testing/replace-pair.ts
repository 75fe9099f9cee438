// node replace-pair.ts ROOT: puts the pair ROOT/next and ROOT/next.gpg in the place of alpha’s.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryStore } from '../src/store/directory.ts';

const root = process.argv[2] ?? '';
const [text, signature] = await Promise.all(
  ['next', 'next.gpg'].map((name) => readFile(join(root, name), 'utf8')),
);
const store = directoryStore(root, 'http://127.0.0.1:8080');
const [release] = await store.releases(['alpha']);
await store.replace('alpha', async () => ({
  title: 'alpha',
  notes: '',
  newest: false,
  assets: [
    ...(release?.assets ?? []).flatMap((asset) =>
      asset.name.startsWith('SHA256SUMS') ? [] : [{ name: asset.name, from: { tag: 'alpha', asset } }],
    ),
    { name: 'SHA256SUMS', text: text ?? '' },
    { name: 'SHA256SUMS.gpg', text: signature ?? '' },
  ],
}));
