import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseImageName } from '@bakery/core/src/names/file-names.ts';
import { noopTransfer } from '@bakery/core/src/sysupdate/transfer.ts';
import { ignition, prepareButane } from '@bakery/install/testing/ignition.ts';
import { updateUnits } from '@bakery/install/update-units.ts';
import { documentation } from './documentation.ts';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

let snippets: readonly { readonly page: string; readonly yaml: string }[];
beforeAll(async () => {
  const pages = [...(await documentation(root))];
  snippets = pages.flatMap(([page, text]) =>
    [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => ({ page, yaml })),
  );
  await prepareButane();
});

describe('the snippets of the pages', () => {
  it('are Butane that the real butane takes without a warning, and become what a host needs', async () => {
    expect(snippets.length).toBeGreaterThan(100);
    for (const { page, yaml } of snippets) {
      const { storage = {}, systemd } = await ignition(yaml, page);
      const name = /([^/]+)\.md$/.exec(page)?.[1] ?? '';
      for (const file of storage.files ?? []) {
        expect({ page, path: file.path, mode: file.mode.toString(8) }).toMatchObject({
          mode: expect.stringMatching(/^(6[04][04]|440)$/),
        });
      }
      const images = (storage.files ?? []).filter(({ path }) => path.startsWith('/opt/'));
      for (const { path, contents } of images) {
        const file = path.slice(`/opt/extensions/${name}/`.length);
        expect(parseImageName(file, name)).toBeDefined();
        expect(contents.source.endsWith(`/${file}`)).toBe(true);
        expect(storage.links).toContainEqual({
          path: `/etc/extensions/${name}.raw`,
          target: path,
          hard: false,
        });
      }
      if (systemd?.units.some((unit) => unit.name === 'systemd-sysupdate.timer') === true) {
        expect(systemd.units[0]).toEqual({ name: 'systemd-sysupdate.timer', enabled: true });
        const paths = storage.files?.map(({ path }) => path) ?? [];
        expect(paths).toContain(`/etc/sysupdate.${name}.d/${name}.conf`);
        expect(paths).toContain(`/etc/sysupdate.d/${noopTransfer.name}`);
      }
    }
  });

  it('would be refused with a mistake of the kind people make', async () => {
    const [{ yaml } = { yaml: '' }] = snippets;
    const mistakes = [
      yaml.replace('target:', 'source:'),
      yaml.replace('mode: 0644', 'mode: 420644'),
      yaml.replace('version: 1.1.0', 'version: 9.9.9'),
      `${yaml}storage: {}\n`,
    ];
    for (const wrong of mistakes) await expect(ignition(wrong, 'wrong')).rejects.toThrow(/butane/);
  });
});

describe('the units that update', () => {
  it.each(['nothing', 'refresh', 'restart', 'reboot'] as const)(
    'are units systemd takes, with %s',
    async (after) => {
      await using temp = await mkdtempDisposable(join(tmpdir(), 'units-'));
      const units = updateUnits('demo', after, ['demo.service']);
      const service = '[Service]\nType=simple\nExecStart=/bin/true\n';
      await put(join(temp.path, 'systemd-sysupdate.service'), service);
      for (const { name, contents, dropins = [] } of units) {
        if (contents !== undefined) await put(join(temp.path, name), contents);
        for (const dropin of dropins) await put(join(temp.path, `${name}.d`, dropin.name), dropin.contents);
      }
      const files = [
        'systemd-sysupdate.service',
        ...(after === 'refresh' || after === 'restart' ? [`sysext-demo-new.service`] : []),
      ];
      const { stderr } = await run(
        'systemd-analyze',
        ['verify', '--man=no', '--recursive-errors=no', ...files.map((name) => join(temp.path, name))],
        {
          env: { PATH: process.env['PATH'], SYSTEMD_UNIT_PATH: `${temp.path}:` },
        },
      ).catch((error: { stderr: string }) => error);
      expect(stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'))).toEqual(
        [],
      );
    },
  );

  it('run their commands: only a link that leads elsewhere afterwards counts', async () => {
    const command = postCommand('demo');
    expect(command).toContain('/run/sysext-demo.before');
    await using temp = await mkdtempDisposable(join(tmpdir(), 'link-'));
    const local = command
      .replaceAll('/run/sysext-demo.before', `${temp.path}/before`)
      .replaceAll('/etc/extensions/demo.raw', `${temp.path}/link`)
      .replace('/usr/bin/touch /run/reboot-required', 'echo changed');
    await writeFile(join(temp.path, 'before'), `${temp.path}/link\n`);
    expect((await run('/bin/sh', ['-c', local])).stdout).toBe('');
    await writeFile(join(temp.path, 'before'), '/opt/extensions/demo/older.raw\n');
    expect((await run('/bin/sh', ['-c', local])).stdout).toBe('changed\n');
  });
});

/** What the shell gets of ExecStartPost=, systemd having made `$` of `$$`. */
function postCommand(name: string): string {
  const [, { dropins = [] } = {}] = updateUnits(name, 'reboot', []);
  const quoted = /^ExecStartPost=\/bin\/sh -c '(.*)'$/m.exec(dropins[0]?.contents ?? '')?.[1] ?? '';
  return quoted.replaceAll('$$', '$');
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
