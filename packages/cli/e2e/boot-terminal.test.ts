import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { bootAtTerminal } from './booted.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('gives a person a shell with the extension, sudo and ssh, and leaves nothing behind', async () => {
  using booted = await bootAtTerminal(bakery, 'alpha:1.0.0');
  const { terminal, run } = booted;
  terminal.type('alpha');
  await terminal.shows(/^alpha 1\.0\.0$/m);
  terminal.type('id -un; sudo id -un');
  await terminal.shows(/^bakery\s+root$/m);

  const { stdout } = await run('alpha; id -un; echo $SUDO_USER');
  expect(stdout).toBe('alpha 1.0.0\nroot\nbakery\n');

  terminal.type('exit');
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(bakery.tmpdir)).toEqual([]);
  expect((await run('true')).stderr).toContain('refused');
});
