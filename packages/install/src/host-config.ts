/** What lies on a host so that it has an extension, before anybody says by which tool it gets there. */
export interface HostConfig {
  readonly files: readonly HostFile[];
  readonly links: readonly HostLink[];
  readonly units: readonly UnitConfig[];
}

export interface HostFile {
  readonly path: string;
  readonly mode: number;
  readonly contents: Contents;
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
}

export type Contents = { readonly source: string; readonly sha256?: string } | { readonly inline: string };

export interface HostLink {
  readonly path: string;
  readonly target: string;
  /** Whether something of the system may be in its place. */
  readonly overwrite?: boolean;
}

export interface UnitConfig {
  readonly name: string;
  readonly enabled?: boolean;
  readonly mask?: boolean;
  readonly contents?: string;
  readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
}

/** A file that all may read. */
export function file(path: string, contents: Contents, mode = 0o644): HostFile {
  return { path, mode, contents };
}
