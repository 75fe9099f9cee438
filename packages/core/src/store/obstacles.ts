/** What is about to be written, for a store to say what stands in its way. */
export interface Planned {
  /** Tags of indexes that will be written and are not there yet. */
  readonly newIndexes: readonly string[];
  /** Whether the token at hand is the one that writes. The jobs of a workflow have each its own. */
  readonly isOwnToken: boolean;
  /** The environment that must have the key, where nothing is published without one. */
  readonly environment?: string | undefined;
  /** Whether there must be pages for the site. */
  readonly pages: boolean;
}

export interface Obstacle {
  /** What stands in the way, and what was expected of it. */
  readonly problem: string;
  /** What to click or to set. */
  readonly remedy: string;
  /** Whether publishing is sure to fail on it; if not, nobody can tell before it is tried. */
  readonly isSure: boolean;
}
