import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

const recipe = `recipe: 1
name: greeter
summary: Services that work, die and are deaf
homepage: https://greeter.example/
license: MIT
versions: { from: http, url: 'https://alpha.example/{arch}.html', regex: '<li>([^<]+)</li>' }
arch: { x86-64: amd64, arm64: aarch64 }
reload: true
units:
  - { name: greeter.socket, start: merge }
  - { name: mortal.service, start: choice }
  - { name: absent.service, start: choice }
smoke:
  - { run: cat /usr/share/greeter/words, prints: hello }
test:
  - { config: /etc/greeter.conf, content: "{version}" }
  - { unit: greeter.socket }
  - { port: 8081 }
  - { run: cat /etc/greeter.conf, prints: "{version}" }
  - { file: /run/greeter.sock }
  - { unit: mortal.service }
  - { unit: absent.service }
  - { port: 8082, within: 2 }
  - { unit: absent.service, state: loaded }
  - { unit: nowhere.service, state: loaded }
`;
const units = 'recipes/greeter/files/usr/lib/systemd/system';
const service = (lines: string): string => `[Unit]\nDescription=Greets\n[Service]\n${lines}\n`;

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write('recipes/greeter/recipe.yaml', recipe);
  await bakery.write('recipes/greeter/files/usr/share/greeter/words', 'hello\n');
  const socket =
    '[Unit]\nDescription=Greets\n[Socket]\nListenStream=8081\nListenStream=/run/greeter.sock\nAccept=yes\n';
  await bakery.write(`${units}/greeter.socket`, socket);
  await bakery.write(`${units}/greeter@.service`, service('ExecStart=/usr/bin/cat /usr/share/greeter/words'));
  await bakery.write(`${units}/sockets.target.d/10-greeter.conf`, '[Unit]\nUpholds=greeter.socket\n');
  await bakery.write(`${units}/mortal.service`, service('ExecStart=/usr/bin/sleep 2'));
  await bakery.write(`${units}/absent.service`, service('ExecStart=/usr/bin/false'));
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('starts what a recipe says in a machine that boots, and finds what dies and what is deaf', async () => {
  await runWell(bakery, ['create', 'greeter', '1.0.0']);
  const here = await runWell(bakery, ['test', 'greeter.raw']);
  const why = 'no service manager runs on this host: --host vm has one';
  expect(here.stdout).toContain(`  skipped greeter.socket becomes active and stays so: ${why}\n`);

  // The system to boot is the same for all runs; to make it takes a minute.
  const env = { BAKERY_CACHE: testbedCache() };
  const ended = await runBakery(bakery, ['test', 'greeter.raw', '--host', 'vm', '--json'], { env });
  const checks: readonly { what: string; result: string; said: string[]; place?: { line: number } }[] =
    JSON.parse(ended.stdout).images[0].checks;
  expect(checks.map(({ what, result }) => [what, result])).toEqual([
    ['keeps the rules of extensions', 'passed'],
    ['cat /usr/share/greeter/words', 'passed'],
    ['gets /etc/greeter.conf', 'passed'],
    ['greeter.socket becomes active and stays so', 'passed'],
    ['port 8081 answers', 'passed'],
    ['cat /etc/greeter.conf', 'passed'],
    ['/run/greeter.sock is there', 'passed'],
    ['mortal.service becomes active and stays so', 'failed'],
    ['absent.service becomes active and stays so', 'failed'],
    ['port 8082 answers', 'failed'],
    ['absent.service loads', 'passed'],
    ['nowhere.service loads', 'failed'],
  ]);
  const said = (what: string): string | undefined =>
    checks.find((check) => check.what.startsWith(what))?.said.join('\n');
  expect(said('mortal.service')).toMatch(
    /^expected mortal\.service to (?:stay active, it ended within 5 s|become active)/,
  );
  expect(said('port 8082')).toMatch(/^expected an answer at 127\.0\.0\.1:8082 within (?:2|20) s, got none$/);
  expect(said('nowhere.service')).toMatch(/^expected nowhere\.service to be loaded, it is not-found\n/);
  expect(checks.find(({ what }) => what.startsWith('mortal'))?.place?.line).toBe(21);
  expect(ended.code).toBe(1);
});
