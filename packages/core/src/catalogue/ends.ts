import { lifeOf, type Life } from '../versions/ends-of-life.ts';
import type { CatalogueExtension } from './schema.ts';

/** Until when upstream looks after an extension, as far as somebody tells. */
export interface Ends {
  /** Whether a version is past its end. */
  hasEnded(version: string): boolean;
  /** The day a stream ends; undefined where there is none, or nobody knows. */
  dayOf(label: string): string | undefined;
}

/** A stream ends with the series it is in, or is: of those inside it each has an end of its own. */
export function endsIn(lives: readonly Life[]): Ends {
  return {
    hasEnded: (version) => lifeOf(version, lives)?.hasEnded === true,
    dayOf: (label) => lifeOf(label, lives)?.end,
  };
}

/** Where nobody answers, what a catalogue said before still holds: an end is seldom moved, and never undone. */
export function endsAsTold(told: CatalogueExtension | undefined): Ends {
  const ended = new Set(told?.versions.filter(({ state }) => state === 'eol').map(({ version }) => version));
  const days = new Map(told?.streams.map(({ label, eol }) => [label, eol]));
  return { hasEnded: (version) => ended.has(version), dayOf: (label) => days.get(label) };
}
