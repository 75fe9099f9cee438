import { html, type Html } from './html.ts';
import { day } from './parts.ts';
import type { Site } from './site-pages.ts';

/** `2 versions`. */
export function countOf(versions: number): string {
  return versions === 1 ? '1 version' : `${versions} versions`;
}

/** What newer versions of an extension come to: they wait for a later run, or cannot be published. */
export function lateness(
  name: string,
  { failing = {}, behind = {} }: Pick<Site, 'failing' | 'behind'>,
): readonly (readonly [term: string, text: Html])[] {
  const late = Object.hasOwn(behind, name) ? behind[name] : undefined;
  const fault = Object.hasOwn(failing, name) ? failing[name] : undefined;
  return [
    ...(late === undefined
      ? []
      : [
          [
            'Behind by',
            html`${countOf(late.versions)} since ${day(late.since)}, up to
              <span class="version">${late.newest}</span>: ${late.why.split('\n')[0] ?? ''}`,
          ] as const,
        ]),
    ...(fault === undefined
      ? []
      : [
          [
            'Failing',
            html`<span class="version">${fault.version}</span> since ${day(fault.since)} (<a
                href="../status/index.html"
                >why</a
              >)`,
          ] as const,
        ]),
  ];
}
