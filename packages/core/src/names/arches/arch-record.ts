/** What others call a CPU architecture. */
export interface ArchRecord<Name extends string = string> {
  /** As systemd writes it for `%a` and `ARCHITECTURE=` (architecture.c). */
  readonly name: Name;
  /** GOARCH; container images say the same (OCI image specification). */
  readonly go: string;
  /** First part of a GNU triplet, and `uname -m`. */
  readonly gnu: string;
  readonly debian: string;
  /** `e_machine` of an ELF header (ELF gABI, chapter "ELF header"); 64 bits, little endian. */
  readonly elf: number;
  /** Where glibc’s program loader is on every host (its ABI lists, "RTLDLIST"). */
  readonly loader: string;
  /** Label of GitHub’s runners that build for it. */
  readonly runner: string;
  /** `RUNNER_ARCH` there, in a runner of this architecture; absent where GitHub has none. */
  readonly runnerArch?: string;
}

/** Keeps the name as a literal. */
export function archRecord<const Name extends string>(record: ArchRecord<Name>): ArchRecord<Name> {
  return record;
}
