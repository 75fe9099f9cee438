import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Stands for actions/deploy-pages: what it takes over lies in `folder`, and `actions` are for the run of a fork in `checkout`. */
export async function deployStandIn(
  checkout: string,
  scratch: string,
): Promise<{
  readonly folder: string;
  readonly actions: Record<string, string>;
}> {
  const yaml = await readFile(join(checkout, '.github/workflows/site.yaml'), 'utf8');
  const [, uses = ''] = /uses: (actions\/deploy-pages@\w+)/.exec(yaml) ?? [];
  const [folder, action] = [join(scratch, 'pages'), join(scratch, 'deploy-pages')];
  await Promise.all([folder, action].map((one) => mkdir(one)));
  const run = `tar -xf "$STAND_IN_ARTIFACTS/github-pages/artifact.tar" -C "${folder}"`;
  const steps = [{ shell: 'bash', run }];
  const text = JSON.stringify({ name: 'deploy', runs: { using: 'composite', steps } });
  await writeFile(join(action, 'action.yml'), text);
  return { folder, actions: { [uses]: action } };
}
