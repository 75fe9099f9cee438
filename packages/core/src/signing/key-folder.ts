import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { absent } from '../lifetime/file-errors.ts';
import { whatStandsAt } from '../lifetime/named-file.ts';
import { writeFileAtomically } from '../lifetime/write-file-atomically.ts';
import { ringNames } from '../names/ring-names.ts';
import { KeyRoles, type KeySet } from './key-set.ts';

/** Where the files of a feed’s keys lie in their folder. */
export const keyFiles = {
  ring: ringNames[0] ?? '',
  signingKey: 'signing-key.asc',
  primary: 'offline/primary.asc',
  spare: 'offline/spare.asc',
  revocation: 'offline/revocation.asc',
  roles: 'offline/keys.json',
} as const;

/** Writes a set of keys; what says which is which comes last, so that a killed run changed nothing. */
export async function writeKeyFolder(
  folder: string,
  keys: KeySet & { readonly revocation?: string },
): Promise<void> {
  await mkdir(join(folder, 'offline'), { recursive: true, mode: 0o700 });
  for (const path of [folder, join(folder, 'offline')]) await chmod(path, 0o700);
  const { revocation, roles } = keys;
  const write = (name: string, content: string | Uint8Array): Promise<void> =>
    writeSecret(join(folder, name), content);
  // Whoever has the folder in a repository must not publish it.
  await write('.gitignore', `/${keyFiles.signingKey}\n/offline/\n`);
  await write(keyFiles.primary, keys.primary);
  if (revocation !== undefined) await write(keyFiles.revocation, revocation);
  await write(keyFiles.spare, keys.spare);
  await write(keyFiles.ring, keys.ring);
  await write(keyFiles.signingKey, keys.signingKey);
  await write(keyFiles.roles, `${JSON.stringify(roles, undefined, 2)}\n`);
}

/** What rotating needs. UserError unless the offline part is there. */
export async function readKeyFolder(folder: string): Promise<Pick<KeySet, 'roles' | 'primary'>> {
  const found = await whatStandsAt(folder);
  if (found !== 'a folder')
    throw new UserError(
      'signing.key',
      `${folder}: expected the folder that bakery key new made, found ${found}`,
    );
  const [roles, primary] = await Promise.all(
    [keyFiles.roles, keyFiles.primary].map((name) => readFile(join(folder, name), 'utf8').catch(absent)),
  );
  const parsed = KeyRoles.safeParse(roles === undefined ? undefined : jsonOrNothing(roles));
  if (parsed.success && primary !== undefined) return { roles: parsed.data, primary };
  const missing = parsed.success ? keyFiles.primary : keyFiles.roles;
  throw new UserError(
    'signing.key',
    `${folder}: expected the folder that bakery key new made, found no ${missing} in it`,
    {
      hint: 'put the offline part back for this, and take it away again afterwards',
    },
  );
}

/** Nobody but the owner may read it at any moment. */
async function writeSecret(path: string, content: string | Uint8Array): Promise<void> {
  await writeFileAtomically(path, `${path}.new`, content, 0o600);
}
