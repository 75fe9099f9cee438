import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { isError } from '@bakery/core/diagnostics.ts';
import { detectFormat, formats, type Verification, verifyImage } from '@bakery/core/image.ts';
import { type ProvenImage, verifyProvenance } from '@bakery/core/provenance.ts';
import { checkTree } from '@bakery/core/stage.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../run-cli.ts';

interface Options {
  readonly provenance?: boolean;
  readonly repository?: string;
  readonly signer?: string;
  readonly workflow?: string;
  readonly bundle?: string;
}

/** `verify IMAGE…`: what a host would choke on. */
export function verifyCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('check finished images')
      .description(
        'Reads images of any format without mounting them and checks what systemd-sysext will ask of them. With ' +
          '--provenance, proves who published them instead, by the attestation NAME-VERSION.sigstore.json beside them.',
      )
      .argument('<image...>', 'image files')
      .option('--provenance', 'prove which workflow of which repository published them')
      .option('--repository <owner/name>', 'the repository on GitHub (default: that of the store)')
      .option('--signer <owner/name>', 'the repository that holds the workflow, when it is another one')
      .option('--workflow <file>', 'the only workflow that may have published them, e.g. bake.yaml')
      .option('--bundle <file>', 'the attestation, when it lies elsewhere')
      .action(
        action(async (images: readonly string[], options: Options) => {
          const bakery = await openBakery(globals(), io);
          if (options.provenance === true) {
            const proven = await proveAll(images, options, { bakery, io });
            if (globals().json === true) printJson(io.out, proven);
            else io.out.write(proven.map(showProven).join(''));
            return done;
          }
          const results: Verification[] = [];
          for (const image of images) {
            const path = resolve(io.cwd, image);
            await bakery.requireTools([...formats[await detectFormat(path)].reads]);
            const context = {
              ...bakery.ports,
              path: bakery.path,
              isRoot: io.isRoot,
              temporary: io.tmpdir,
              checkTree,
            };
            results.push({ ...(await verifyImage(path, context)), path: image });
          }
          if (globals().json === true) printJson(io.out, results);
          else io.out.write(results.map(show).join(''));
          return results.every(({ findings }) => !findings.some(isError)) ? done : failed;
        }),
      );
}

async function proveAll(
  images: readonly string[],
  { repository, signer, workflow, bundle }: Options,
  { bakery, io }: { readonly bakery: Bakery; readonly io: Io },
): Promise<readonly ProvenImage[]> {
  const [, own] = /^github:(.+)$/.exec(bakery.store.name) ?? [];
  const wanted = repository ?? own;
  if (wanted === undefined || !/^[\w-]+\/[\w.-]+$/.test(wanted)) {
    throw new UsageError(`verify: expected --repository OWNER/NAME, got ${wanted ?? 'none'}`);
  }
  const { trustedRoot } = bakery;
  const context = { trustedRoot, ...(bundle === undefined ? {} : { bundle: resolve(io.cwd, bundle) }) };
  const builder = { repository: wanted, signer, workflow };
  return Promise.all(
    images.map(async (image) => {
      const proven = await verifyProvenance(resolve(io.cwd, image), builder, context);
      return { ...proven, path: image };
    }),
  );
}

function showProven({ path, sha256, repository, commit, identity }: ProvenImage): string {
  const of = commit === undefined ? repository : `${repository} at commit ${commit}`;
  return `${path}: published for ${of}\n  by ${identity}\n  sha256:${sha256}\n`;
}

function show({ path, format, name, version, arch, entries, findings }: Verification): string {
  const what = [name, version, arch].filter((part) => part !== undefined).join(' ');
  const errors = findings.filter(isError).length;
  const lines = findings.map(
    (finding) => `  ${finding.severity}: ${finding.place.file}: ${finding.message}\n`,
  );
  return `${path}: ${errors === 0 ? 'good' : `${errors} error(s)`}: ${what}, ${format}, ${entries} entries\n${lines.join('')}`;
}
