import { requireExtensionName } from '../names/extension-name.ts';
import type { TextFile } from './transfer.ts';

export interface Feature {
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  readonly documentation?: string;
}

/**
 * `NAME.feature`, a switch for hosts with systemd 257 or newer (sysupdate.features(5)); off until somebody turns it on, as
 * all features are. It counts for a transfer file that names it with `Features=`: ours do not, as a feature that a host has
 * no file of is off, so a host adds `NAME.transfer.d/feature.conf`.
 */
export function featureFile({ name, description, documentation }: Feature): TextFile {
  requireExtensionName(name);
  const url = documentation === undefined ? '' : `Documentation=${valueOf(documentation)}\n`;
  return {
    name: `${name}.feature`,
    text: `[Feature]\nDescription=${valueOf(description)}\n${url}Enabled=false\n`,
  };
}

/** A value as it is: `%` starts a specifier, a `\` at the end goes on with the next line. */
function valueOf(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s\\]+$/, '')
    .replaceAll('%', '%%');
}
