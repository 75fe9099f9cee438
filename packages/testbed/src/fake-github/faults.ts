/** Something that goes wrong with chosen requests. */
export interface Fault {
  /** `METHOD /template` as in the request log; `*` for every route. */
  readonly route: string;
  /** How many requests to that route pass before it begins; 0 when left out. */
  readonly skip?: number;
  /** How many requests it hits; 1 when left out. */
  readonly times?: number;
  /**
   * `before` anything happens (the default), `after` it has happened, or `during` an upload, which
   * leaves an asset in state `starter`. An upload cut `after` leaves a complete asset.
   */
  readonly when?: Moment;
  readonly effect: Effect;
}

export type Moment = 'before' | 'during' | 'after';

export type Effect =
  /** An error answer; with `retryAfter` (seconds) it carries that header, as secondary limits do. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: number;
      readonly message?: string;
    }
  /** The connection ends without an answer. */
  | { readonly kind: 'reset' }
  /** A pause in milliseconds of real time; the request then goes on. */
  | { readonly kind: 'slow'; readonly milliseconds: number };

export interface Faults {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** The faults that hit this request; each call counts as one request to the route. */
  readonly take: (route: string) => readonly Fault[];
}

export function faultSwitches(): Faults {
  let armed: { readonly fault: Fault; seen: number }[] = [];
  return {
    add: (fault) => armed.push({ fault, seen: 0 }),
    clear: () => {
      armed = [];
    },
    take: (route) =>
      armed
        .filter(({ fault }) => fault.route === route || fault.route === '*')
        .filter((entry) => {
          entry.seen += 1;
          const { skip = 0, times = 1 } = entry.fault;
          return entry.seen > skip && entry.seen <= skip + times;
        })
        .map(({ fault }) => fault),
  };
}
