/** When versions are attested: always, where GitHub does it, or never. */
export type AttestMode = 'required' | 'auto' | 'off';

/** The job that publishes, as far as it matters. */
export interface PublishingJob {
  /** Address of the GitHub it runs for. */
  readonly server: string;
  readonly isPublic: boolean;
  /** Whether GitHub tells the job who it is: `id-token: write`. */
  readonly hasIdentity: boolean;
}

export interface Attestable {
  /** `maybe`: only trying tells, and failing is no reason not to publish. */
  readonly answer: 'yes' | 'maybe' | 'no';
  /** For people, where there may be none. */
  readonly why: string;
}

/**
 * Whether a job can have an attestation of GitHub: on github.com every public repository can, private ones with
 * Enterprise Cloud, which a job is not told; Enterprise Server has none.
 * https://docs.github.com/actions/concepts/security/artifact-attestations
 */
export function attestable(mode: AttestMode, { server, isPublic, hasIdentity }: PublishingJob): Attestable {
  if (mode === 'off') return { answer: 'no', why: 'bakery.yaml says attest: off' };
  if (mode === 'required') return { answer: 'yes', why: '' };
  const { hostname } = new URL(server);
  if (hostname !== 'github.com' && !hostname.endsWith('.ghe.com')) {
    return { answer: 'no', why: `${hostname} is GitHub Enterprise Server, which has no attestations` };
  }
  if (!hasIdentity) return { answer: 'no', why: 'the job has no permission id-token: write' };
  if (isPublic && hostname === 'github.com') return { answer: 'yes', why: '' };
  return { answer: 'maybe', why: 'private repositories need GitHub Enterprise Cloud' };
}
