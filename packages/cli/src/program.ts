import { Command } from 'commander';
import { openCatalogue } from '@bakery/core/bakery/open-bakery.ts';
import type { LoadedRecipe } from '@bakery/core/recipe/loaded.ts';
import { ownVersion, showVersion } from '@bakery/core/release/own-version.ts';
import { checkVerb } from './commands/check.ts';
import { compareVerb } from './commands/compare.ts';
import { conformanceVerb } from './commands/conformance.ts';
import { createVerb } from './commands/create.ts';
import { doctorVerb } from './commands/doctor.ts';
import { flatwrapVerb } from './commands/flatwrap.ts';
import { flixVerb } from './commands/flix.ts';
import { lintVerb } from './commands/lint.ts';
import { listBakeryVerb } from './commands/list-bakery.ts';
import { listVerb } from './commands/list.ts';
import { metadataVerb } from './commands/metadata.ts';
import { mirrorVerb } from './commands/mirror.ts';
import { newVerb } from './commands/new.ts';
import { ociRootfsVerb } from './commands/oci-rootfs.ts';
import { releaseVerb } from './commands/release.ts';
import { serveVerb } from './commands/serve.ts';
import { verifyVerb } from './commands/verify.ts';
import { addGlobals, type Globals } from './globals.ts';
import type { Io } from './io.ts';
import { operandsOf } from './operands.ts';
import { printJson, visibleOn } from './print.ts';
import { readReferenceWords } from './reference-words.ts';
import { runCli, type ExitCode } from './run-cli.ts';
import type { Verb } from './verb.ts';

/** Runs one command line (without program name) and resolves to its exit code. */
export function runProgram(argv: readonly string[], process: Io): Promise<ExitCode> {
  const io = { ...process, out: visibleOn(process.out), err: visibleOn(process.err) };
  return runCli(
    async () => {
      const words = readReferenceWords(argv);
      if (words.includes('--version')) return printVersion(words, io);
      let code: ExitCode = words.length === 0 ? 2 : 0;
      const program = buildProgram(io, await namedRecipe(words, io), (result) => (code = result));
      if (words.length === 0) program.outputHelp({ error: true });
      else await program.parseAsync(words, { from: 'user' });
      return code;
    },
    (text) => io.err.write(text),
  );
}

async function printVersion(words: readonly string[], io: Io): Promise<ExitCode> {
  const version = await ownVersion(io);
  if (words.includes('--json')) printJson(io.out, version);
  else io.out.write(`${showVersion(version)}\n`);
  return 0;
}

function buildProgram(io: Io, loaded: LoadedRecipe | undefined, setCode: (code: ExitCode) => void): Command {
  const program = new Command('bakery')
    .description(
      'Bakes systemd-sysext images from upstream releases and publishes them for systemd-sysupdate.',
    )
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .addHelpText('after', '\nbakery help COMMAND, or COMMAND --help, tells more.')
    .showSuggestionAfterError()
    .exitOverride();
  addGlobals(program);
  const verb: Verb = {
    io,
    globals: () => program.opts<Globals>(),
    action:
      (work) =>
      async (...args) =>
        setCode(await work(...args)),
  };
  const verbs: Readonly<Record<string, (command: Command) => Command>> = {
    list: listVerb(verb),
    'list-bakery': listBakeryVerb(verb),
    check: checkVerb(verb),
    create: createVerb(verb, loaded),
    release: releaseVerb(verb),
    metadata: metadataVerb(verb),
    lint: lintVerb(verb),
    verify: verifyVerb(verb),
    compare: compareVerb(verb),
    new: newVerb(verb),
    serve: serveVerb(verb),
    flix: flixVerb(verb),
    flatwrap: flatwrapVerb(verb),
    'oci-rootfs': ociRootfsVerb(verb),
    mirror: mirrorVerb(verb),
    conformance: conformanceVerb(verb),
    doctor: doctorVerb(verb),
  };
  for (const [name, build] of Object.entries(verbs)) build(program.command(name));
  return program;
}

/** The recipe a `create` is about: its own options are options of the command, wherever they stand. */
async function namedRecipe(words: readonly string[], io: Io): Promise<LoadedRecipe | undefined> {
  if (!words.includes('create')) return undefined;
  const program = buildProgram(io, undefined, () => {});
  const create = program.commands.find((command) => command.name() === 'create');
  const [verb, name = ''] = operandsOf(words, [...program.options, ...(create?.options ?? [])]);
  if (verb !== 'create') return undefined;
  const valuesOf = (option: string): string[] =>
    words.flatMap((word, index) => {
      if (word.startsWith(`${option}=`)) return [word.slice(option.length + 1)];
      return words[index - 1] === option ? [word] : [];
    });
  const recipes = valuesOf('--recipes');
  const config = valuesOf('--config').at(-1);
  const catalogue = await openCatalogue(
    { ...(recipes.length === 0 ? {} : { recipes }), ...(config === undefined ? {} : { config }) },
    io,
  );
  return catalogue.folder(name) === undefined ? undefined : catalogue.find(name);
}
