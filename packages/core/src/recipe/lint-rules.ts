import type { Code } from '../diagnostics/code.ts';
import type { Diagnostic, KeyIssue } from '../diagnostics/diagnostic.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { shadowReason } from '../stage/checks/shadows.ts';
import { unpinnedImages as unpinned, unprovedScripts } from '../steps/build-step.ts';
import { parseUnit } from '../systemd/parse-unit.ts';
import { isSpdx } from './license.ts';
import { pathsOf } from './paths-of.ts';
import { unfinished } from './scaffold.ts';
import type { Recipe } from './schema.ts';
import { templatesOf } from './templates-of.ts';

/** A file of a static tree; `path` as in the image. */
export interface ShippedFile {
  readonly tree: string;
  readonly at: KeyPath;
  readonly path: string;
  /** Absent for links and what is no text. */
  readonly text: string | undefined;
}

export interface LintFacts {
  readonly recipe: Recipe;
  /** The recipe as it was written. */
  readonly data: unknown;
  readonly shipped: readonly ShippedFile[];
  /** Text of README.md. */
  readonly readme: string | undefined;
}

interface LintRule {
  readonly code: Code;
  readonly severity: Diagnostic['severity'];
  readonly find: (facts: LintFacts) => KeyIssue[];
}

/** A new rule is one function below and one line here. */
export const lintRules: readonly LintRule[] = [
  { code: 'lint.unfinished', severity: 'error', find: markers },
  { code: 'lint.readme', severity: 'warning', find: readme },
  { code: 'lint.smoke', severity: 'warning', find: smoke },
  { code: 'lint.license-file', severity: 'warning', find: licenseFile },
  { code: 'lint.license', severity: 'error', find: licence },
  { code: 'lint.https', severity: 'error', find: plainHttp },
  { code: 'lint.integrity', severity: 'warning', find: unproved },
  { code: 'lint.unproved-script', severity: 'warning', find: scripts },
  { code: 'lint.reload', severity: 'warning', find: reload },
  { code: 'lint.no-sbin', severity: 'error', find: sbin },
  { code: 'lint.no-usr-local', severity: 'warning', find: usrLocal },
  { code: 'lint.exec-variable', severity: 'error', find: execVariables },
  { code: 'lint.covers-host', severity: 'error', find: coversHost },
  { code: 'lint.drop-in', severity: 'error', find: dropIns },
  { code: 'lint.upheld', severity: 'error', find: upheld },
  { code: 'lint.network-online', severity: 'warning', find: networkOnline },
  { code: 'lint.final-newline', severity: 'warning', find: finalNewline },
  { code: 'lint.unused-option', severity: 'warning', find: unusedOptions },
  { code: 'lint.pinned-image', severity: 'warning', find: unpinnedImages },
];

function markers({ data, shipped, readme: text }: LintFacts): KeyIssue[] {
  const files = [...shipped, { at: [], path: 'README.md', text }];
  return [
    ...markersIn(data, []),
    ...files
      .filter((file) => file.text?.includes(unfinished) === true)
      .map(({ at, path }) => ({
        path: at,
        message: `expected your own words in ${path}, got "${unfinished}"`,
      })),
  ];
}

function markersIn(value: unknown, at: KeyPath): KeyIssue[] {
  if (typeof value === 'string') {
    return value.includes(unfinished)
      ? [{ path: at, message: `expected your own value, got "${value}"` }]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    markersIn(item, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function readme({ readme: there }: LintFacts): KeyIssue[] {
  return there !== undefined
    ? []
    : [{ path: [], message: 'expected a README.md beside recipe.yaml, found none' }];
}

function smoke({ recipe }: LintFacts): KeyIssue[] {
  return recipe.smoke.length > 0
    ? []
    : [{ path: ['smoke'], message: 'expected a command that proves the image works, got none' }];
}

function licence({ recipe: { license } }: LintFacts): KeyIssue[] {
  if (isSpdx(license) || license.includes(unfinished)) return [];
  const message = `expected an SPDX expression, like "MIT OR Apache-2.0", got "${license}"; LicenseRef-NAME stands for what is not on the SPDX list`;
  return [{ path: ['license'], message }];
}

function licenseFile({ recipe, shipped }: LintFacts): KeyIssue[] {
  const folder = `/usr/share/licenses/${recipe.name}/`;
  const paths = [...pathsOf(recipe), ...shipped].map(({ path }) => path.replaceAll('{name}', recipe.name));
  return paths.some((path) => `${path}/`.startsWith(folder))
    ? []
    : [{ path: ['license'], message: `expected the licence text in ${folder}, got none` }];
}

function plainHttp({ recipe, data }: LintFacts): KeyIssue[] {
  return templatesOf(recipe, data)
    .filter(({ path, text }) => text.startsWith('http://') && path[0] !== 'text' && path[0] !== 'edit')
    .map(({ path, text }) => ({ path, message: `expected https://…, got "${text}"` }));
}

function unproved({ recipe }: LintFacts): KeyIssue[] {
  return recipe.artifacts.flatMap(({ integrity }, index) =>
    integrity.kind === 'none'
      ? [
          {
            path: ['artifacts', index, 'integrity'],
            message:
              'expected a proof; {lock} keeps the hash of the first download when upstream publishes none',
          },
        ]
      : [],
  );
}

function scripts({ recipe }: LintFacts): KeyIssue[] {
  return unprovedScripts(recipe.build).map(({ path, name }) => ({
    path,
    message: `expected artifacts with a proof, got ${name}, which fetches what nobody checks`,
  }));
}

function reload({ recipe, shipped }: LintFacts): KeyIssue[] {
  const paths = [...pathsOf(recipe), ...shipped];
  const units = recipe.units.length > 0 || paths.some(({ path }) => unitFolder.test(path));
  if (units === recipe.reload) return [];
  return units
    ? [{ path: ['units'], message: 'expected reload: true, or the service manager does not see the units' }]
    : [{ path: ['reload'], message: 'expected units to be listed, got reload: true without any' }];
}

function sbin({ recipe, shipped }: LintFacts): KeyIssue[] {
  // A real /usr/sbin hides the host's link of that name: such a host no longer boots.
  return below(/^\/usr\/sbin(\/|$)/, recipe, shipped).map(({ at, path }) => ({
    path: at,
    message: `expected /usr/bin, got ${path}: /usr/sbin replaces the host’s link of that name`,
  }));
}

function usrLocal({ recipe, shipped }: LintFacts): KeyIssue[] {
  return below(/^\/usr\/local(\/|$)/, recipe, shipped).map(({ at, path }) => ({
    path: at,
    message: `expected a path outside /usr/local, got ${path}: on image-based hosts that is a link to /var`,
  }));
}

function execVariables({ recipe, shipped }: LintFacts): KeyIssue[] {
  return unitTexts(recipe, shipped).flatMap(({ at, path, text }) =>
    parseUnit(text)
      .filter(({ key, value }) => /^Exec[A-Z]/.test(key) && /^[@:+!|-]*\S*\$[\w{]/.test(value))
      .map(({ key, line, value }) => ({
        path: at,
        message: `expected a program in ${key}= of ${path}, line ${line}, got ${value.split(/\s/)[0]}: systemd takes no variable there`,
      })),
  );
}

function coversHost({ recipe, shipped }: LintFacts): KeyIssue[] {
  return [...pathsOf(recipe), ...shipped].flatMap(({ at, path }) => {
    const why = shadowReason(path);
    return why === undefined
      ? []
      : [{ path: at, message: `expected nothing at ${path}, which every host has already: ${why}` }];
  });
}

function dropIns({ recipe, shipped }: LintFacts): KeyIssue[] {
  return below(/\/systemd\/system\/[^/]+\.d\/[^/]+(?<!\.conf)$/, recipe, shipped).map(({ at, path }) => ({
    path: at,
    message: `expected a drop-in that ends in .conf, got ${path}: systemd ignores it`,
  }));
}

function upheld({ recipe, shipped }: LintFacts): KeyIssue[] {
  const upholders = unitTexts(recipe, shipped).flatMap(({ path, text }) =>
    valuesOf(text, 'Unit', ['Upholds']).map((unit) => ({ path, unit })),
  );
  const links = [...pathsOf(recipe), ...shipped].flatMap(({ path }) => {
    const unit = /\.upholds\/([^/]+)$/.exec(path)?.[1];
    return unit === undefined ? [] : [{ path, unit }];
  });
  return recipe.units.flatMap(({ name, start }, index) => {
    const ways = [...upholders, ...links].filter(({ unit }) => unit === name).map(({ path }) => path);
    const wanted = start === 'merge' ? 'exactly one Upholds= of a target' : 'nothing that upholds it';
    if (new Set(ways).size === (start === 'merge' ? 1 : 0)) return [];
    const got = ways.length === 0 ? 'none' : ways.join(', ');
    return [{ path: ['units', index], message: `start: ${start} expects ${wanted}, got ${got}` }];
  });
}

function networkOnline({ recipe, shipped }: LintFacts): KeyIssue[] {
  const target = 'network-online.target';
  return unitTexts(recipe, shipped)
    .filter(
      ({ text }) =>
        valuesOf(text, 'Unit', ['After']).includes(target) &&
        !valuesOf(text, 'Unit', ['Wants', 'Requires', 'BindsTo']).includes(target),
    )
    .map(({ at, path }) => ({
      path: at,
      message: `expected Wants=${target} beside After= in ${path}: ordering alone brings no network`,
    }));
}

function finalNewline({ recipe, shipped }: LintFacts): KeyIssue[] {
  const texts = recipe.text.map(({ content, path }, index) => ({
    at: ['text', index, 'content'],
    path,
    text: content,
  }));
  return [...texts, ...shipped]
    .filter(({ text }) => text !== undefined && text !== '' && !text.endsWith('\n'))
    .map(({ at, path }) => ({ path: at, message: `expected a newline at the end of ${path}` }));
}

function unusedOptions({ recipe, data }: LintFacts): KeyIssue[] {
  const rest = JSON.stringify({ ...Object(data), options: {} });
  return Object.keys(recipe.options)
    .filter((name) => !rest.includes(`{${name}}`) && !rest.includes(`"${name}":`))
    .map((name) => ({
      path: ['options', name],
      message: `expected {${name}} or an if to use the option, found none`,
    }));
}

function unpinnedImages({ recipe }: LintFacts): KeyIssue[] {
  return unpinned(recipe.build).map(({ path, name }) => ({
    path,
    message: `expected an image pinned by digest (@sha256:…), got "${name}"`,
  }));
}

/** Units and drop-ins whose text the recipe holds. */
function unitTexts(
  recipe: Recipe,
  shipped: readonly ShippedFile[],
): { readonly at: KeyPath; readonly path: string; readonly text: string }[] {
  const texts = recipe.text.map(({ path, content }, index) => ({ at: ['text', index], path, text: content }));
  return [...texts, ...shipped].flatMap(({ at, path, text }) =>
    text !== undefined && unitFolder.test(path) ? [{ at, path, text }] : [],
  );
}

function valuesOf(text: string, section: string, keys: readonly string[]): string[] {
  return parseUnit(text)
    .filter((setting) => setting.section === section && keys.includes(setting.key))
    .flatMap(({ value }) => value.split(/\s+/));
}

const unitFolder = /^\/usr\/(local\/)?lib\/systemd\/system\/./;

function below(
  pattern: RegExp,
  recipe: Recipe,
  shipped: readonly ShippedFile[],
): { readonly at: KeyPath; readonly path: string }[] {
  return [...pathsOf(recipe), ...shipped].filter(({ path }) => pattern.test(path));
}
