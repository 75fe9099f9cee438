import { own } from '../../language/own.ts';
import { versionsByName } from '../../names/versions-by-name.ts';
import { newestFirst } from '../../systemd/compare.ts';
import type { Behind } from '../history/behind.ts';
import type { Failing, Status } from '../history/status-file.ts';
import type { Checked } from './check-releases.ts';
import { whatLacks } from './incomplete.ts';

/** How an extension of the release list stands. */
export interface ExtensionStatus {
  readonly name: string;
  /** Wanted and not published, newest first. */
  readonly missing: readonly string[];
  /** Not for now, each with the reason. Absent when there are none. */
  readonly waiting?: readonly { readonly version: string; readonly why: string }[];
  /** The newest that is published. */
  readonly published?: string;
  /** How many of the wanted versions are missing or wait, which is the newest, and since when runs leave some. */
  readonly behind?: Pick<Behind, 'versions' | 'newest'> & Partial<Pick<Behind, 'since'>>;
  readonly failing?: Failing;
}

/** Of every extension that was asked for, in order of their names. */
export function extensionStatuses(
  { plan, failures, tags }: Checked,
  { failing, behind = {} }: Status,
  names: readonly string[],
): ExtensionStatus[] {
  const missing = [...plan.build, ...plan.deferred];
  const others = [...(plan.waiting ?? []), ...(plan.withdrawn ?? []), ...failures];
  const asked = [...missing, ...plan.published, ...others].map(({ name }) => name);
  const versions = versionsByName(tags, [...names, ...asked]);
  return [...new Set(asked)].toSorted().map((name) => {
    const [published] = (versions.get(name) ?? []).toSorted(newestFirst);
    const fault = own(failing, name);
    const incomplete = (plan.incomplete ?? []).map((one) => ({ ...one, why: whatLacks(one) }));
    const waiting = [...(plan.waiting ?? []), ...incomplete].filter((one) => one.name === name);
    const lacks = missing.filter((one) => one.name === name).map(({ version }) => version);
    // Where nobody knows the latest version, nobody knows how far it is.
    const waits = (plan.waiting ?? []).filter((one) => one.name === name && one.version !== 'latest');
    const late = [...new Set([...lacks, ...waits.map(({ version }) => version)])].toSorted(newestFirst);
    const since = own(behind, name)?.since;
    return {
      name,
      missing: lacks.toSorted(newestFirst),
      ...(waiting.length === 0 ? {} : { waiting: waiting.map(({ version, why }) => ({ version, why })) }),
      ...(published === undefined ? {} : { published }),
      ...(late[0] === undefined
        ? {}
        : {
            behind: {
              versions: late.length,
              newest: late[0],
              ...(since === undefined ? {} : { since }),
            },
          }),
      ...(fault === undefined ? {} : { failing: fault }),
    };
  });
}
