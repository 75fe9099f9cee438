/** What a store takes of us for now, and what writing to it takes of that. */
export interface Budget {
  /** What is left of this hour. */
  readonly left: Spending;
  /** What there is in every hour to come. */
  readonly hourly: Spending;
  /** When the next one begins; milliseconds since 1970, when known. */
  readonly until: number | undefined;
  /** Of a version with so many files. */
  release(files: number): Spending;
  index(work: IndexChange): Spending;
}

export interface Spending {
  readonly requests: number;
  /** Requests that create or change something, which have a limit of their own. */
  readonly creations: number;
}

export interface IndexChange {
  readonly isNew: boolean;
  /** Whether it is the index of everything. */
  readonly isGlobal: boolean;
  /** Files that were not there before. */
  readonly added: number;
  /** Files that take the place of others: of one that is not new its manifest, and what signs that. */
  readonly replaced: number;
  /** Files that are no longer wanted. */
  readonly removed: number;
  /** Whether its title and notes stay as they are. */
  readonly keepsText?: boolean;
}
