import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';

/** Node.js reads no extended attributes; GNU tar marks them in its list, and writes nothing to /dev/null. */
const listing = ['--create', '--file=/dev/null', '-vv', '--quoting-style=escape'];
const attributes = ['--xattrs', '--xattrs-include=security.capability'];

/** UserError for a file with capabilities: no copy keeps them. Where tar is not GNU’s, nothing tells of them. */
export async function refuseCapabilities(folder: string, { exec }: { readonly exec: Exec }): Promise<void> {
  const args = [...listing, ...attributes, '-C', folder, '.'];
  const { code, stdout } = await exec.run('tar', args, { env: { LC_ALL: 'C' } });
  const [, path] = /^-[r-][w-]\S{7}\*.*? \d\d:\d\d \.\/(.*)$/m.exec(stdout) ?? [];
  if (code !== 0 || path === undefined) return;
  throw new UserError('recipe.files', `${folder}/${path}: expected a file without capabilities`, {
    hint: 'an image does not carry them, and git does not either: have a unit start it with AmbientCapabilities=',
  });
}
