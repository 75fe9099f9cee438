/** One thing inside an archive, exactly as the archive tells it: nothing here has been judged yet. */
export interface Member {
  readonly path: string;
  readonly kind: MemberKind;
  /** For people, when `kind` is "other": "a fifo". */
  readonly what: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of the body, 0 for anything but a file; `undefined` when only reading it tells. */
  readonly size: number | undefined;
  /** It runs with capabilities(7) that whoever starts it need not have. */
  readonly hasCapabilities?: boolean;
  /** Empty unless it is a link. */
  readonly linkname: string;
  /** To be read before the next member is asked for, or never. */
  readonly body: AsyncIterable<Uint8Array>;
}

export type MemberKind = 'file' | 'folder' | 'symlink' | 'hardlink' | 'other';
