/** What goes wrong with a file from now on: its hash, one of its members, its hash's line, its place, its length. */
export type Fault = 'wrong checksum' | 'missing member' | 'missing entry' | 'moved' | 'truncated';

/** By address, as upstream's users write it. */
export type Faults = ReadonlyMap<string, Fault>;
