import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import type { Entries } from './entries.ts';
import { hasUnit, readUnits } from './unit-files.ts';

/** A drop-in that upholds a unit nobody ships makes systemd retry for ever. */
export function checkUpholds(entries: Entries): Diagnostic[] {
  return readUnits(entries).flatMap(({ path, settings }) =>
    settings
      .filter(({ section, key }) => section === 'Unit' && key === 'Upholds')
      .flatMap(({ value }) => value.split(/\s+/).filter((unit) => unit !== '' && !unit.includes('%')))
      .filter((unit) => !hasUnit(entries, unit))
      .map((unit) =>
        warning('tree.no-unit', path, `Upholds=${unit}: expected that unit in the tree, got none`),
      ),
  );
}
