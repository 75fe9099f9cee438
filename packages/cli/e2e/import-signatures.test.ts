import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { openpgpSigner, type OpenpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { runBakery } from './run-bakery.ts';

const theTool = '#!/bin/sh\necho tool\n';

let bakery: ExampleBakery;
let upstream: OpenpgpSigner;
beforeAll(async () => {
  bakery = await exampleBakery();
  upstream = openpgpSigner();
  bakery.serve('dl.example/tool', theTool);
});
afterAll(async () => {
  upstream[Symbol.dispose]();
  await bakery[Symbol.asyncDispose]();
});

/** Imports a script that has gpg check the tool by a key beside it. */
async function importing(name: string) {
  await bakery.write(
    `scripts/${name}.sysext/create.sh`,
    `list_available_versions() { list_github_releases example tool; }
populate_sysext_root() {
  curl -fsSLO https://dl.example/tool
  curl -fsSLO https://dl.example/tool.asc
  gpg --import "$scriptroot/${name}.sysext/upstream.asc"
  gpg --verify tool.asc tool
  install -D -m 0755 tool "$1/usr/bin/tool"
}
`,
  );
  await bakery.write(`scripts/${name}.sysext/upstream.asc`, upstream.publicKey);
  const args = ['import', `scripts/${name}.sysext`, '--like', 'v1.0.0', '--arch', 'x86-64'];
  return runBakery(bakery, args);
}

it('drafts the signature a script checks, and builds the draft by it', async () => {
  bakery.serve('dl.example/tool.asc', upstream.detached(theTool, { armoured: true }));
  const { stderr } = await importing('signed');
  expect(stderr).toContain('trees of v1.0.0 for x86-64, by the script and by the recipe: the same 3 paths\n');
  expect(stderr).not.toContain('write it as a signature');
  const recipe = await readFile(join(bakery.folder, 'recipes/signed/recipe.yaml'), 'utf8');
  expect(recipe).toContain(
    "integrity: signature\n    signature:\n      openpgp: '{url}.asc'\n      keys: upstream.asc\n",
  );
  expect(await readFile(join(bakery.folder, 'recipes/signed/upstream.asc'), 'utf8')).toBe(upstream.publicKey);
});

it('says that a signature does not hold, which no stand-in for gpg would see', async () => {
  bakery.serve('dl.example/tool.asc', upstream.detached('another tool\n', { armoured: true }));
  const { stderr } = await importing('unsigned');
  expect(stderr).toMatch(/^left to decide: trees: not compared: .*signature/m);
  expect(stderr).toContain('trees of v1.0.0 for x86-64: not compared\n');
});
