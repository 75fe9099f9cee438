import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

const greeter = `recipe: 1
name: greeter
summary: A service that writes a file
homepage: https://greeter.example/
license: MIT
versions: { from: http, url: 'https://alpha.example/{arch}.html', regex: '<li>([^<]+)</li>' }
arch: { x86-64: amd64, arm64: aarch64 }
reload: true
units: [{ name: greeter.service, start: merge }]
`;
const units = 'recipes/greeter/files/usr/lib/systemd/system';
const unit = `[Unit]
Description=Greets
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/touch /run/greeted
`;

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write('recipes/greeter/recipe.yaml', greeter);
  await bakery.write(`${units}/greeter.service`, unit);
  await bakery.write(`${units}/multi-user.target.d/10-greeter.conf`, '[Unit]\nUpholds=greeter.service\n');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery boot', () => {
  it('merges what it built and what is there, starts units, and ends as the command does', async () => {
    await runWell(bakery, ['create', 'greeter', '1.0.0']);
    const command =
      'alpha; systemctl is-active greeter.service; ls /run/greeted; systemctl --failed --no-legend; exit 7';
    // The system to boot is the same for all runs; to make it takes a minute.
    const env = { BAKERY_CACHE: testbedCache() };
    const ended = await runBakery(bakery, ['boot', 'greeter.raw', 'alpha:1.0.0', '--command', command], {
      env,
    });
    expect(ended).toMatchObject({ code: 7, stdout: 'alpha 1.0.0\nactive\n/run/greeted\n' });
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });

  it.each([
    [['nowhere.raw'], 'nowhere.raw: expected an image, found no such file'],
    [['alpha', 'alpha:1.0.0'], 'alpha:1.0.0: expected each extension once, got alpha again'],
    [['alpha', '--ports', '80'], 'expected ports like 8080:80,2222:22'],
    [['alpha', '--memory', '12'], 'expected at least 512'],
  ])('refuses %j in words', async (args, message) => {
    const ended = await runBakery(bakery, ['boot', ...args, '--command', 'true']);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain(message);
  });
});
