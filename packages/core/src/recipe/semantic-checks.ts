import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { nearestName } from '../diagnostics/near-names.ts';
import { integrityProblem } from '../fetch/integrity/integrity.ts';
import { placeholdersIn, render, type Values } from '../language/template.ts';
import { allArches } from '../names/arch.ts';
import { artifactsTaken, stepProblems } from '../steps/build-step.ts';
import type { Artifact } from './artifact.ts';
import { combinationCount, combinations } from './combinations.ts';
import { conditionsOf } from './conditions-of.ts';
import { reservedPlaceholders } from './placeholders.ts';
import type { Recipe } from './schema.ts';
import { signatureProblems } from './signature-checks.ts';
import { templatesOf } from './templates-of.ts';

/** What a schema cannot see: names that refer to nothing, and parts that contradict each other. */
export function semanticProblems(recipe: Recipe, data: unknown): KeyIssue[] {
  return checks.flatMap((check) => check(recipe, data));
}

const checks: readonly ((recipe: Recipe, data: unknown) => KeyIssue[])[] = [
  placeholders,
  optionNames,
  optionDefaults,
  conditions,
  goesSomewhere,
  buildSources,
  ({ build }) => stepProblems(build),
  archTokens,
  proofs,
  signatureProblems,
  repeats,
  captureGroups,
];

function placeholders(recipe: Recipe, data: unknown): KeyIssue[] {
  return templatesOf(recipe, data).flatMap(({ path, text, known }) =>
    placeholdersIn(text)
      .filter((name) => !known.has(name))
      .map((name) => {
        const meant = nearestName(name, known);
        const hint = meant === undefined ? '' : `, did you mean {${meant}}?`;
        const all = [...known].map((one) => `{${one}}`).join(' ');
        return {
          path,
          code: 'recipe.placeholder' as const,
          message: `expected one of ${all}, got {${name}}${hint}`,
        };
      }),
  );
}

function optionNames(recipe: Recipe): KeyIssue[] {
  return Object.keys(recipe.options)
    .filter((name) => reservedPlaceholders.includes(name))
    .map((name) => ({
      path: ['options', name],
      message: `expected a name that is no placeholder of its own, got "${name}"`,
    }));
}

function optionDefaults(recipe: Recipe): KeyIssue[] {
  return Object.entries(recipe.options).flatMap(([name, option]) => {
    if (option.values === undefined || typeof option.default !== 'string') return [];
    if (option.values.includes(option.default)) return [];
    const message = `expected one of values (${option.values.join(', ')}), got "${option.default}"`;
    return [{ path: ['options', name, 'default'], message }];
  });
}

function conditions(recipe: Recipe): KeyIssue[] {
  const built = Object.keys(recipe.arch);
  const options = new Map(Object.entries(recipe.options));
  return conditionsOf(recipe).flatMap(({ path, condition }) => [
    ...(condition.arches ?? [])
      .filter((arch) => !built.includes(arch))
      .map((arch) => ({
        path: [...path, 'arches'],
        message: `expected architectures of the recipe (${built.join(', ')}), got "${arch}"`,
      })),
    ...Object.entries(condition.if ?? {}).flatMap(([name, want]): KeyIssue[] => {
      const option = options.get(name);
      if (option === undefined) {
        const names = options.size === 0 ? 'the recipe has none' : [...options.keys()].join(', ');
        return [
          {
            path: [...path, 'if', name],
            message: `expected the name of an option (${names}), got "${name}"`,
          },
        ];
      }
      if (option.values === undefined) return [];
      const unset = option.default === undefined && !option.required ? [''] : [];
      const possible = [...option.values, ...unset];
      const wanted = typeof want === 'string' ? [want] : Array.isArray(want) ? want : [want.not];
      return wanted
        .filter((value) => !possible.includes(value))
        .map((value) => ({
          path: [...path, 'if', name],
          message: `expected one of ${possible.map((one) => JSON.stringify(one)).join(', ')}, got ${JSON.stringify(value)}`,
        }));
    }),
  ]);
}

function goesSomewhere(recipe: Recipe): KeyIssue[] {
  return recipe.artifacts.flatMap(({ place, unpack, name }, index): KeyIssue[] => {
    const path = ['artifacts', index];
    if (place !== undefined && unpack !== undefined) {
      return [
        {
          path: [...path, 'unpack'],
          message: 'expected either place (a file) or unpack (an archive), got both',
        },
      ];
    }
    if (place !== undefined || unpack !== undefined) return [];
    if (name === undefined)
      return [{ path, message: 'expected place, unpack, or a name that a build step takes' }];
    if (artifactsTaken(recipe.build).some((taken) => taken.name === name)) return [];
    return [
      {
        path: [...path, 'name'],
        message: `expected a build step that takes the artifact, got none for "${name}"`,
      },
    ];
  });
}

function buildSources(recipe: Recipe): KeyIssue[] {
  const names = recipe.artifacts.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return artifactsTaken(recipe.build)
    .filter((taken) => !names.includes(taken.name))
    .map(({ path, name }) => ({
      path,
      message: `expected the name of an artifact (${names.join(', ') || 'none has one'}), got "${name}"`,
    }));
}

function archTokens(recipe: Recipe): KeyIssue[] {
  return recipe.artifacts.flatMap(({ arch, arches }, index): KeyIssue[] => {
    if (arch === undefined) return [];
    const path = ['artifacts', index, 'arch'];
    const needed = allArches.filter(
      (one) => recipe.arch[one] !== undefined && (arches ?? allArches).includes(one),
    );
    const missing = needed.filter((one) => arch[one] === undefined).join(', ');
    return missing === ''
      ? []
      : [
          {
            path,
            message: `expected what {arch} stands for on ${needed.join(', ')}, got nothing for ${missing}`,
          },
        ];
  });
}

function proofs(recipe: Recipe): KeyIssue[] {
  return recipe.artifacts.flatMap(({ url, integrity }, index): KeyIssue[] => {
    const message = integrityProblem(integrity, url);
    return message === undefined ? [] : [{ path: ['artifacts', index, 'integrity'], message }];
  });
}

const mostDownloads = 2000; // of an image; those with the most have 30

/** Counted before they are made: a few lists multiply to more than any machine has memory for. */
function repeats(recipe: Recipe): KeyIssue[] {
  const counts = recipe.artifacts.map(({ each = {} }) => combinationCount(each));
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all > mostDownloads) {
    const [index = 0] = counts
      .keys()
      .toArray()
      .toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
    const path = ['artifacts', index, 'each'];
    return [
      { path, message: `expected at most ${mostDownloads} downloads of all artifacts together, got ${all}` },
    ];
  }
  return recipe.artifacts.flatMap((artifact, index): KeyIssue[] => {
    const path = ['artifacts', index];
    const taken = new Set([...reservedPlaceholders, ...Object.keys(recipe.options)]);
    const clashes = Object.keys(artifact.each ?? {})
      .filter((key) => taken.has(key))
      .map((key) => ({
        path: [...path, 'each', key],
        message: `expected a name not used yet, got "${key}"`,
      }));
    const double = doublePlace(artifact, recipe);
    return double === undefined
      ? clashes
      : [
          ...clashes,
          {
            path: [...path, 'place'],
            message: `expected a path of its own for every value of each, got ${double} twice`,
          },
        ];
  });
}

function doublePlace({ each, place }: Artifact, recipe: Recipe): string | undefined {
  if (each === undefined || place === undefined) return undefined;
  const path = place.to;
  const others: Values = Object.fromEntries(
    placeholdersIn(path).map((name) => [name, name === 'name' ? recipe.name : `{${name}}`]),
  );
  const paths = combinations(each).map((values) => render(path, { ...others, ...values }));
  const seen = new Set<string>();
  return paths.find((one) => seen.size === seen.add(one).size);
}

function captureGroups(recipe: Recipe): KeyIssue[] {
  const sources: [KeyPath, unknown][] = [
    [['versions'], recipe.versions],
    ...Object.entries(recipe.options).map(([name, option]): [KeyPath, unknown] => [
      ['options', name, 'default'],
      option.default,
    ]),
  ];
  return sources.flatMap(([path, source]) =>
    regexesIn(source, path).flatMap(({ path: at, pattern }) => {
      const groups = (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 1) - 1;
      return groups < 2
        ? []
        : [
            {
              path: at,
              message: `expected at most one capture group, got ${groups}; (?:…) captures nothing`,
            },
          ];
    }),
  );
}

function regexesIn(value: unknown, path: KeyPath): { path: KeyPath; pattern: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const regex = key === 'match' || key === 'regex' || key === 'exclude';
    return regex && typeof item === 'string'
      ? [{ path: [...path, key], pattern: item }]
      : regexesIn(item, [...path, key]);
  });
}
