import { own } from '../../language/own.ts';
import { versionsByName } from '../../names/versions-by-name.ts';
import { newestFirst } from '../../systemd/compare.ts';
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
  readonly failing?: Failing;
}

/** Of every extension that was asked for, in order of their names. */
export function extensionStatuses(
  { plan, failures, tags }: Checked,
  { failing }: Status,
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
    return {
      name,
      missing: missing
        .filter((one) => one.name === name)
        .map(({ version }) => version)
        .toSorted(newestFirst),
      ...(waiting.length === 0 ? {} : { waiting: waiting.map(({ version, why }) => ({ version, why })) }),
      ...(published === undefined ? {} : { published }),
      ...(fault === undefined ? {} : { failing: fault }),
    };
  });
}
