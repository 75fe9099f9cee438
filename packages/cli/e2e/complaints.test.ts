import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery } from './run-bakery.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('a command line that cannot be understood ends with 2 and says why:', () => {
  it.each([
    ['no command', [], 'Usage: bakery'],
    ['an unknown command', ['relaese'], "unknown command 'relaese'\n(Did you mean release?)"],
    ['an unknown option', ['release', '--fast'], "unknown option '--fast'"],
    [
      'an unknown option of a recipe',
      ['create', 'alpha', '1.0.0', '--greting', 'x'],
      "unknown option '--greting'",
    ],
    ['a missing version', ['create', 'alpha'], "missing required argument 'version'"],
    ['an option without its value', ['release', '--store'], "option '--store <store>' argument missing"],
    ['too many words', ['list', 'alpha', 'beta'], 'too many arguments'],
    ['a version without a name', ['release', ':1.0.0'], 'expected EXT or EXT:VERSION, got ":1.0.0"'],
    [
      'a format there is not',
      ['release', '--format', 'zip'],
      "'zip' is invalid. Allowed choices are squashfs,",
    ],
    ['no builds at all', ['release', '--max-builds', '0'], 'expected a number above 0'],
    [
      'an arch there is not',
      ['create', 'alpha', '1.0.0', '--arch', 's390x'],
      'Allowed choices are x86-64, arm64, riscv64.',
    ],
    ['metadata of nothing', ['metadata'], 'metadata: expected either EXT… or --all'],
    ['metadata of one and all', ['metadata', 'alpha', '--all'], 'metadata: expected either EXT… or --all'],
    ['a word where seconds belong', ['release', '--epoch', 'now'], 'expected a whole number'],
  ])('%s', async (_, args, said) => {
    const { code, stdout, stderr } = await runBakery(bakery, args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });
});

describe('a failure names the place, what was expected and what stood there:', () => {
  it('a recipe', async () => {
    await bakery.write(
      'broken/omega/recipe.yaml',
      'recipe: 1\nname: omega\nsumary: x\narch: { x86-64: a, mips: b }\n',
    );
    const { code, stderr } = await runBakery(bakery, ['create', 'omega', '1.0.0', '--recipes', 'broken']);
    expect(code).toBe(1);
    expect(stderr).toContain('bakery: broken/omega/recipe.yaml:');
    expect(stderr).toContain('broken/omega/recipe.yaml:3:1 sumary: unknown key, did you mean summary?\n');
    expect(stderr).toContain('broken/omega/recipe.yaml:4:20 arch.mips: expected one of x86-64, arm64');
  });

  it('a recipe, and the others are listed all the same', async () => {
    await bakery.write('broken/omega/recipe.yaml', 'recipe: 1\nname: omega\n');
    const { code, stdout } = await runBakery(bakery, ['list', '--recipes', 'broken', '--recipes', 'recipes']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^omega +broken: bakery lint omega$/m);
    expect(stdout).toMatch(/^alpha +x86-64 arm64 +http +Says its version$/m);
  });

  it('bakery.yaml', async () => {
    await bakery.write('bad.yaml', 'hub: https://example.org\nmirors: {}\nstore: ftp:x\n');
    const { code, stderr } = await runBakery(bakery, ['list', '--config', 'bad.yaml']);
    expect(code).toBe(1);
    expect(stderr).toContain('bad.yaml:2:1 mirors: unknown key, did you mean mirrors?\n');
    expect(stderr).toContain('bad.yaml:3:1 store: expected dir:PATH or github:OWNER/REPO, got "ftp:x"\n');
  });

  it('a bakery.yaml that is not there', async () => {
    const { code, stderr } = await runBakery(bakery, ['list', '--config', 'none.yaml']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'bakery: --config: expected a file, found none at none.yaml\n',
    });
  });

  it('the release list', async () => {
    await bakery.write(
      'list.txt',
      '# wanted\nalpha latest\nalpha\nbeta 1.0 2.0\nAlpha 1\nalpha lates\nalpha latest\n',
    );
    const { code, stdout, stderr } = await runBakery(bakery, ['release', '--list', 'list.txt']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'bakery: list.txt:3:1 expected NAME VERSION or NAME latest, got "alpha" alone',
      'list.txt:4:10 expected KEY=VALUE, "# reason" or nothing, got "2.0"',
      expect.stringMatching(/^list\.txt:5:1 name: expected lower-case letters.*, got "Alpha"$/),
      expect.stringMatching(/^list\.txt:6:7 version: expected latest or a version, .*did you mean latest\?$/),
      'list.txt:7:1 expected every line once, got alpha latest of line 2 again',
      '',
    ]);
  });

  it('a release list that is not there', async () => {
    const { code, stderr } = await runBakery(bakery, ['release', '--list', 'none.txt']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^bakery: none\.txt: /),
    });
  });

  it('a recipe folder that is not there', async () => {
    const { code, stderr } = await runBakery(bakery, ['list', '--recipes', 'nowhere']);
    const said = 'bakery: nowhere: expected a folder with recipes, found none\n';
    expect({ code, stderr }).toEqual({ code: 1, stderr: said });
  });

  it('a store of a kind there is not', async () => {
    const { code, stderr } = await runBakery(bakery, ['list-bakery', 'alpha', '--store', 'ftp:there']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('got "ftp:there"') });
  });

  it.each([[['list-bakery', '../x']], [['compare', '--all', 'dir:out']]])('no name: %j', async (args) => {
    const { code, stderr } = await runBakery(bakery, args);
    const said = `bakery: extension name "${args.at(-1)}": expected lower-case letters, digits and "-", at most 63\n`;
    expect({ code, stderr }).toEqual({ code: 1, stderr: said });
  });

  it('a setting of the environment', async () => {
    const env = { BAKERY_MIRRORS: 'https://example.org' };
    const { code, stderr } = await runBakery(bakery, ['list'], { env });
    const said = 'bakery: BAKERY_MIRRORS: expected PREFIX=http(s)://TARGET, got "https://example.org"\n';
    expect({ code, stderr }).toEqual({ code: 1, stderr: said });
  });
});
