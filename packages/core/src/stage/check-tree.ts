import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Arch } from '../names/arch.ts';
import { checkBooleans } from './checks/booleans.ts';
import { checkContent } from './checks/content.ts';
import { checkElf } from './checks/elf.ts';
import { type Entries, readEntries } from './checks/entries.ts';
import { checkExec } from './checks/exec.ts';
import { checkFinalNewline } from './checks/final-newline.ts';
import { checkHierarchy } from './checks/hierarchy.ts';
import { checkLinks } from './checks/links.ts';
import { checkModes } from './checks/modes.ts';
import { checkNames } from './checks/names.ts';
import { checkPrograms } from './checks/programs.ts';
import { checkShadows } from './checks/shadows.ts';
import { checkSmoke, type PromisedProgram } from './checks/smoke.ts';
import { checkUnitFolders } from './checks/unit-folders.ts';
import { checkUpholds } from './checks/upholds.ts';
import { checkUsers } from './checks/users.ts';

/** What the tree is to become. */
export interface Intent {
  readonly name: string;
  readonly arch: Arch;
  /** Programs that the recipe runs to prove the image, as far as it is known. */
  readonly smoke?: readonly PromisedProgram[];
}

const checks: readonly ((entries: Entries, intent: Intent) => Diagnostic[])[] = [
  checkContent,
  checkHierarchy,
  checkNames,
  checkModes,
  checkLinks,
  checkElf,
  checkPrograms,
  checkShadows,
  checkSmoke,
  checkUnitFolders,
  checkExec,
  checkUsers,
  checkBooleans,
  checkUpholds,
  checkFinalNewline,
];

/** Looks for what would hurt a host that merges the tree: errors before warnings, each sorted by path. */
export async function checkTree(root: string, intent: Intent): Promise<Diagnostic[]> {
  const entries = readEntries(root);
  return checks
    .flatMap((check) => check(entries, intent))
    .toSorted((a, b) => a.severity.localeCompare(b.severity) || compare(a.place.file, b.place.file));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
