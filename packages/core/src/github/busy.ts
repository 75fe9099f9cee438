import { UserError } from '../diagnostics/user-error.ts';

/** Why GitHub does nothing for us at the moment. */
export interface Busy {
  /** `hourly` and `graphql` are what a token may ask in an hour, `secondary` is about pace, `outage` about GitHub. */
  readonly kind: 'hourly' | 'graphql' | 'secondary' | 'outage';
  /** Milliseconds since 1970, when known. */
  readonly until: number | undefined;
}

export interface BusyOptions extends ErrorOptions {
  readonly subject?: string;
  /** How it was noticed, where GitHub’s refusal is not all. */
  readonly detail?: string;
  /** What was done until then. */
  readonly done?: string;
}

const what: Readonly<Record<Busy['kind'], string>> = {
  hourly: 'GitHub’s hourly request limit is reached',
  graphql: 'GitHub’s hourly GraphQL limit is reached',
  secondary: 'GitHub’s limit for many requests at a time is reached',
  outage: 'GitHub does not answer',
};

/** GitHub wants no more requests for now. Not a failure: what was not done can be done by the next run. */
export class GithubBusy extends UserError {
  readonly busy: Busy;
  readonly #options: BusyOptions;

  constructor(busy: Busy, options: BusyOptions = {}) {
    const { subject, detail, done, cause } = options;
    const when = busy.until === undefined ? '' : ` until ${clock(busy.until)}`;
    const after = busy.until === undefined ? 'later' : `after ${clock(busy.until)}`;
    const start = subject === undefined ? '' : `${subject}: `;
    super('github.busy', `${start}${what[busy.kind]}${when}${detail === undefined ? '' : ` (${detail})`}`, {
      cause,
      hint: `${done ?? 'nothing is half done'}; the next run goes on from here, or run again ${after}`,
    });
    this.busy = busy;
    this.#options = options;
  }

  /** The same with what is known where it is caught; what was said before stays. */
  saying(options: BusyOptions): GithubBusy {
    return new GithubBusy(this.busy, { ...options, ...this.#options });
  }
}

const lastMoment = 253_402_300_800_000; // the end of the year 9999; later dates cannot be shown

/** As `2026-11-27 15:42 UTC`, to the minute that is over by then. */
export function clock(time: number): string {
  if (!(time >= 0 && time < lastMoment)) return 'a time that is not a date';
  const minute = 60_000;
  const [day, hours] = new Date(Math.ceil(time / minute) * minute).toISOString().split('T');
  return `${day} ${hours?.slice(0, 5)} UTC`;
}
