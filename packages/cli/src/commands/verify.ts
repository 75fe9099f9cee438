import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery/open-bakery.ts';
import { isError } from '@bakery/core/diagnostics/diagnostic.ts';
import { detectFormat } from '@bakery/core/image/detect-format.ts';
import { formats } from '@bakery/core/image/formats.ts';
import { verifyImage, type Verification } from '@bakery/core/image/verify.ts';
import { checkTree } from '@bakery/core/stage/check-tree.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';

/** `verify IMAGE…`: what a host would choke on. */
export function verifyCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('check finished images')
      .description(
        'Reads images of any format without mounting them and checks what systemd-sysext will ask of them.',
      )
      .argument('<image...>', 'image files')
      .action(
        action(async (images: readonly string[]) => {
          const bakery = await openBakery(globals(), io);
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

function show({ path, format, name, version, arch, entries, findings }: Verification): string {
  const what = [name, version, arch].filter((part) => part !== undefined).join(' ');
  const errors = findings.filter(isError).length;
  const lines = findings.map(
    (finding) => `  ${finding.severity}: ${finding.place.file}: ${finding.message}\n`,
  );
  return `${path}: ${errors === 0 ? 'good' : `${errors} error(s)`}: ${what}, ${format}, ${entries} entries\n${lines.join('')}`;
}
