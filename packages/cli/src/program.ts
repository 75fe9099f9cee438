import { Command } from 'commander';
import { openRecipeBook } from '@bakery/core/bakery.ts';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import { ownVersion, showVersion } from '@bakery/core/release.ts';
import type { CommandContext } from './command-context.ts';
import { bakeOsCommand } from './commands/bake-os.ts';
import { bootCommand } from './commands/boot.ts';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { conformanceCommand } from './commands/conformance.ts';
import { createCommand } from './commands/create.ts';
import { doctorCommand } from './commands/doctor.ts';
import { flatwrapCommand } from './commands/flatwrap.ts';
import { flixCommand } from './commands/flix.ts';
import { importCommand } from './commands/import.ts';
import { infoCommand } from './commands/info.ts';
import { initCommand } from './commands/init.ts';
import { keyCommand } from './commands/key.ts';
import { lintCommand } from './commands/lint.ts';
import { listBakeryCommand } from './commands/list-bakery.ts';
import { listCommand } from './commands/list.ts';
import { metadataCommand } from './commands/metadata.ts';
import { migrateCheckCommand } from './commands/migrate-check.ts';
import { mirrorCommand } from './commands/mirror.ts';
import { newCommand } from './commands/new.ts';
import { ociRootfsCommand } from './commands/oci-rootfs.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { releaseCommand } from './commands/release.ts';
import { searchCommand } from './commands/search.ts';
import { serveCommand } from './commands/serve.ts';
import { siteCommand } from './commands/site.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { verifyCommand } from './commands/verify.ts';
import { yankCommand } from './commands/yank.ts';
import { addGlobals, type Globals } from './globals.ts';
import type { Io } from './io.ts';
import { operandsOf } from './operands.ts';
import { printJson, visibleOn } from './print.ts';
import { readReferenceWords } from './reference-words.ts';
import { refuseEmpty } from './refuse-empty.ts';
import { runCli, type ExitCode } from './run-cli.ts';

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
    {
      complain: (text) => io.err.write(text),
      json: argv.includes('--json') ? (data) => printJson(io.out, data) : undefined,
    },
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
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'bakery: ')),
    })
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .addHelpText('after', '\nRun bakery help COMMAND, or bakery COMMAND --help, for more.')
    .showSuggestionAfterError()
    .showHelpAfterError('hint: bakery help COMMAND shows what it takes')
    .exitOverride();
  addGlobals(program);
  program.hook('preAction', (_, command) => refuseEmpty(command, program));
  const context: CommandContext = {
    io,
    globals: () => program.opts<Globals>(),
    action:
      (work) =>
      async (...args) =>
        setCode(await work(...args)),
  };
  const commands: Readonly<Record<string, (command: Command) => Command>> = {
    list: listCommand(context),
    'list-bakery': listBakeryCommand(context),
    info: infoCommand(context),
    search: searchCommand(context),
    check: checkCommand(context),
    status: statusCommand(context),
    create: createCommand(context, loaded),
    release: releaseCommand(context),
    metadata: metadataCommand(context),
    key: keyCommand(context),
    yank: yankCommand(context),
    lint: lintCommand(context),
    verify: verifyCommand(context),
    compare: compareCommand(context),
    test: testCommand(context),
    boot: bootCommand(context),
    'bake-os': bakeOsCommand(context),
    rebuild: rebuildCommand(context),
    init: initCommand(context),
    'migrate-check': migrateCheckCommand(context),
    new: newCommand(context),
    import: importCommand(context),
    serve: serveCommand(context),
    site: siteCommand(context),
    flix: flixCommand(context),
    flatwrap: flatwrapCommand(context),
    'oci-rootfs': ociRootfsCommand(context),
    mirror: mirrorCommand(context),
    conformance: conformanceCommand(context),
    doctor: doctorCommand(context),
  };
  for (const [name, build] of Object.entries(commands)) build(program.command(name));
  return program;
}

/** The recipe a `create` is about: its own options are options of the command, wherever they stand. */
async function namedRecipe(words: readonly string[], io: Io): Promise<LoadedRecipe | undefined> {
  if (!words.includes('create')) return undefined;
  const program = buildProgram(io, undefined, () => {});
  const create = program.commands.find((command) => command.name() === 'create');
  const [command, name = ''] = operandsOf(words, [...program.options, ...(create?.options ?? [])]);
  if (command !== 'create') return undefined;
  const valuesOf = (option: string): string[] =>
    words.flatMap((word, index) => {
      if (word.startsWith(`${option}=`)) return [word.slice(option.length + 1)];
      return words[index - 1] === option ? [word] : [];
    });
  const recipes = valuesOf('--recipes');
  const config = valuesOf('--config').at(-1);
  const list = valuesOf('--list').at(-1);
  const recipeBook = await openRecipeBook(
    {
      ...(recipes.length === 0 ? {} : { recipes }),
      ...(config === undefined ? {} : { config }),
      ...(list === undefined ? {} : { list }),
    },
    io,
  );
  return recipeBook.folder(name) === undefined ? undefined : recipeBook.find(name);
}
