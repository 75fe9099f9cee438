import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import type { Option } from '@bakery/core/recipe.ts';
import { Condition } from '@bakery/core/versions.ts';
import { conditionInWords, startInWords, versionInWords } from '@bakery/docs/in-words.ts';
import { hasEnded } from '../ended.ts';
import { html, nothing, type Html } from '../html.ts';
import { away, badge, table } from '../parts.ts';
import { line } from '../readme.ts';
import type { SiteExtension } from '../site-pages.ts';

/** What a user should know beside how to install it. */
export function facts({ published, recipe }: SiteExtension, pages: ReadonlySet<string>, now: number) {
  return [
    { id: 'streams', title: 'Streams', body: streams(published, now) },
    { id: 'options', title: 'Options', body: options(recipe?.recipe.options ?? {}) },
    { id: 'units', title: 'Units', body: units(published) },
    { id: 'others', title: 'Other extensions', body: relations(published, pages) },
    { id: 'update', title: 'After an update', body: afterUpdate(published) },
  ];
}

function streams({ streams: all }: CatalogueExtension, now: number): Html {
  return table(
    'Streams',
    ['Stream', 'Newest', 'Cared for', 'Transfer file'],
    all
      .toReversed()
      .map(({ label, newest, eol, transfer }) => [
        html`<span class="version">${label}</span>`,
        html`<span class="version">${newest}</span>`,
        eol === undefined ? nothing : hasEnded(eol, now) ? badge(`ended ${eol}`, 'bad') : html`until ${eol}`,
        away(transfer.url, transfer.file),
      ]),
  );
}

function options(all: Readonly<Record<string, Option>>): Html {
  const rows = Object.entries(all).map(([name, { help, values }]) => [
    html`<code>${name}</code>`,
    line(help),
    html`${values?.map((value) => (value === '' ? 'nothing' : value)).join(', ') ?? ''}`,
  ]);
  return table('Options', ['Option', 'What for', 'Values'], rows);
}

function units({ units: all = [] }: CatalogueExtension): Html {
  const starts = new Map<string, string>(Object.entries(startInWords));
  return table(
    'Units',
    ['Unit', 'Starts'],
    all.map((unit) => [
      html`<code>${unit.name}</code>${line(condition(unit))}`,
      html`${(starts.get(unit.start) ?? unit.start).replace('the snippets below', 'the snippets above')}`,
    ]),
  );
}

function relations(
  { requires = [], conflicts = [], masks = [] }: CatalogueExtension,
  pages: ReadonlySet<string>,
): Html {
  const page = (name: string): Html =>
    pages.has(name) ? html`<a href="../${name}/index.html">${name}</a>` : html`${name}`;
  const items = [
    ...requires.map(
      (one) =>
        html`<li>
          Needs
          ${page(one.name)}${one.version === undefined ? nothing : line(versionInWords(one.version))}${line(condition(one))}${because(one)}
        </li>`,
    ),
    ...conflicts.map(
      (one) => html`<li>Not together with ${page(one.name)}${line(condition(one))}${because(one)}</li>`,
    ),
    ...masks.map(
      (mask) =>
        html`<li>Takes the place of <code>${mask}</code> of the system, which the snippets switch off</li>`,
    ),
  ];
  return items.length === 0
    ? nothing
    : html`<ul>
        ${items}
      </ul>`;
}

function because({ why }: { readonly why?: string | undefined }): Html {
  return why === undefined ? nothing : html`: ${line(why)}`;
}

function condition({
  when,
  arches,
  if: wanted,
}: {
  readonly when?: string | undefined;
  readonly arches?: readonly string[] | undefined;
  readonly if?: unknown;
}): string {
  const read = Condition.safeParse({ when, arches, if: wanted });
  return read.success ? conditionInWords(read.data) : ' (not always)';
}

function afterUpdate({ afterUpdate: after, units: all = [] }: CatalogueExtension): Html {
  const refresh =
    'systemd-sysext refresh swaps the image under a running host; what runs keeps the old files open.';
  const services = all.map(({ name }) => name).filter((name) => name.endsWith('.service'));
  const texts: Readonly<Record<string, string>> = {
    nothing: 'Nothing: the next boot merges the new image, systemd-sysext refresh does it at once.',
    refresh,
    restart: `${refresh} Then ${services.length === 0 ? 'what uses it' : services.join(', ')} must be restarted, which the snippets do.`,
    reboot:
      'It takes a reboot. The snippets leave /run/reboot-required for whoever decides when, locksmith or kured.',
  };
  const text = after === undefined || !Object.hasOwn(texts, after) ? undefined : texts[after];
  return text === undefined ? nothing : html`<p>${text}</p>`;
}
