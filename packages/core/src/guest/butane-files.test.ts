import {
  mkdir,
  mkdtempDisposable,
  readdir,
  readFile,
  readlink,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { copyButaneFiles } from './butane-files.ts';

const outside = (name: string): string => `${name}: expected nothing outside of there, got a link to `;
const files = (local: string): string => `storage: { files: [{ path: /a, contents: { local: ${local} } }] }`;

let stack: AsyncDisposableStack;
let from: string;
let to: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const home = stack.use(await mkdtempDisposable(join(tmpdir(), 'butane-'))).path;
  from = join(home, 'from');
  to = join(home, 'to');
  await mkdir(to);
  for (const path of ['own', 'tree/run', 'tree/deep/x', 'other']) {
    await mkdir(dirname(join(from, path)), { recursive: true });
    await writeFile(join(from, path), path, { mode: path === 'tree/run' ? 0o755 : 0o644 });
  }
  await mkdir(join(home, 'secrets'));
  await writeFile(join(home, 'secrets/key'), 'secret');
  await symlink('../secrets/key', join(from, 'out'));
  await symlink('..', join(from, 'up'));
  await symlink('own', join(from, 'inner'));
  await symlink('/etc/passwd', join(from, 'tree/host'));
  await writeFile(join(from, 'endless'), '');
  await truncate(join(from, 'endless'), 2 ** 36);
  await spawnExec(process.env).run('mkfifo', [join(from, 'pipe')]);
});
afterEach(() => stack.disposeAsync());

it.each<[string, string, string[]]>([
  ['a file', files('own'), ['own']],
  ['a link beside it', files('inner'), ['inner']],
  ['a file twice', `${files('own')}\nsystemd: { units: [{ contents_local: ./tree/../own }] }`, ['own']],
  ['what is called from the root', files('/tree/run'), ['tree/run']],
  [
    'keys and units',
    'a: { ssh_authorized_keys_local: [own, other] }\nb: [{ contents_local: tree/run }]',
    ['other', 'own', 'tree/run'],
  ],
  ['a tree', 'storage: { trees: [{ local: tree }] }', ['tree/deep/x', 'tree/host', 'tree/run']],
  [
    'a tree and a file in it',
    'storage: { trees: [{ local: tree }], files: [{ local: tree/run }] }',
    ['tree/deep/x', 'tree/host', 'tree/run'],
  ],
  ['an alias', 'a: &a { local: own }\nb: *a', ['own']],
  ['nothing for what leads out by its name', files('../secrets/key'), []],
  ['nothing for what is not there', files('none'), []],
  ['nothing for other types', 'a: { local: { x: 7 } }\nb: { local: [[own]] }\nc: [7, null]', []],
  ['nothing for other keys', 'a: { locale: own, nonlocal: own }', []],
  ['nothing for an empty text', '', []],
])('hands on %s', async (_what, text, expected) => {
  await copy(text);
  const entries = await readdir(to, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => !entry.isDirectory());
  const names = found.map(({ parentPath, name }) => join(parentPath, name).slice(to.length + 1));
  expect(names.toSorted()).toEqual(expected);
});

it('keeps bytes and modes, and links of a tree as links', async () => {
  await copy('storage: { trees: [{ local: tree }], files: [{ contents: { local: inner } }] }');
  expect(await readFile(join(to, 'inner'), 'utf8')).toBe('own');
  expect(await readlink(join(to, 'tree/host'))).toBe('/etc/passwd');
  const { stdout } = await spawnExec(process.env).run('find', [to, '-perm', '-100', '-type', 'f']);
  expect(stdout.trim()).toBe(join(to, 'tree/run'));
});

it.each<[string, string, string]>([
  ['a link that leads out', files('out'), outside('there/out')],
  ['a file behind one', files('up/secrets/key'), outside('there/up')],
  ['a tree behind one', 'storage: { trees: [{ local: up/secrets }] }', outside('there/up')],
  ['a file behind a link of a tree', files('tree/host'), outside('there/tree/host')],
  ['such a unit', 'systemd: { units: [{ contents_local: out }] }', outside('there/out')],
  ['such a key', 'passwd: { users: [{ ssh_authorized_keys_local: [own, out] }] }', outside('there/out')],
  ['a key whose name is spelt otherwise', String.raw`{ "loc\u0061l": out }`, outside('there/out')],
  ['a pipe', files('pipe'), 'there/pipe: expected a file, got a fifo'],
  ['a file without end', files('endless'), 'there/endless: expected at most 67108864 bytes, got 68719476736'],
  [
    'lists without end',
    `a: ${'['.repeat(5000)}`,
    'there/x.yaml: expected YAML, got: 5000 levels of nesting, more than 200',
  ],
  ['no YAML', 'a: 1\nb: { files: [', 'there/x.yaml:2:14: expected YAML, got: '],
  ['two documents', 'a: 1\n---\nb: 2', 'there/x.yaml:'],
  ['control characters', 'a: \u001b[31m{ b: 7 }', 'there/x.yaml:'],
  ['aliases that multiply', expanding(12), 'there/x.yaml: expected YAML, got: Excessive alias count'],
])('refuses %s', async (_what, text, message) => {
  await expect(copy(text)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining(message),
  });
});

function copy(text: string): Promise<void> {
  return copyButaneFiles(text, { from, to, shown: 'there/x.yaml' });
}

function expanding(levels: number): string {
  const lines = Array.from(
    { length: levels },
    (_, at) => `x${at + 1}: &x${at + 1} [${Array(9).fill(`*x${at}`).join(',')}]`,
  );
  return ['x0: &x0 [x]', ...lines].join('\n');
}
