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
  /** A limit is reached, in one of the ways GitHub says so. */
  | { readonly kind: 'limit'; readonly limit: LimitKind; readonly seconds: number }
  /** The connection ends without an answer. */
  | { readonly kind: 'reset' }
  /** A pause in milliseconds of real time; the request then goes on. */
  | { readonly kind: 'slow'; readonly milliseconds: number };

/** The GraphQL ones are answered with 200, and only make sense there. */
export const limitKinds = [
  'hour as 403',
  'hour as 429',
  'pace as 403',
  'pace as 429',
  'abuse as 403',
  'hour as 200',
  'pace as 200',
] as const;
export type LimitKind = (typeof limitKinds)[number];

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
