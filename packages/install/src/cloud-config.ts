import { Document } from 'yaml';
import type { Installable } from './extension-config.ts';
import type { HostConfig } from './host-config.ts';
import { scriptSteps } from './shell.ts';
import { unitFiles } from './unit-files.ts';

/** User data for cloud-init: files it writes itself, and a script for what it would not check. */
export function cloudConfig(extension: Installable, config: HostConfig): string {
  const files = [...config.files, ...unitFiles(config.units)].flatMap(({ path, contents }) =>
    'inline' in contents ? [{ path, content: contents.inline }] : [],
  );
  const script = `${['set -eu', ...scriptSteps(extension, config)].join('\n')}\n`;
  const document = new Document({
    ...(files.length === 0 ? {} : { write_files: files }),
    runcmd: [['sh', '-c', script]],
  });
  return `#cloud-config\n${document.toString({ lineWidth: 0 })}`;
}
