import type { KeyPath, Problem } from '../diagnostics/problem.ts';
import type { BuildStep } from '../steps/build-step.ts';
import type { Recipe } from './schema.ts';

/** What a schema cannot see in build steps. */
export function buildProblems(recipe: Recipe): Problem[] {
  return recipe.build.flatMap((step, index) => {
    const path = ['build', index];
    return [...networkProblems(step, path), ...patchProblems(step, path), ...versionProblems(step, path)];
  });
}

function networkProblems(step: BuildStep, path: KeyPath): Problem[] {
  if (!('container' in step) || step.container.network) return [];
  if ((step.container.packages ?? []).length === 0) return [];
  const text =
    'expected network: true beside packages, which come from the network; or an image that has them';
  return [{ path: [...path, 'container', 'packages'], text }];
}

function patchProblems(step: BuildStep, path: KeyPath): Problem[] {
  if (!('container' in step) || (step.container.patches ?? []).length === 0) return [];
  if (Object.keys(step.container.sources ?? {}).length > 0) return [];
  return [{ path: [...path, 'container', 'patches'], text: 'expected sources to patch, got none' }];
}

/** Or an image would carry whatever version a distribution has that day. */
function versionProblems(step: BuildStep, path: KeyPath): Problem[] {
  const [kind, wanted] = versionedTexts(step);
  if (kind === undefined || wanted.some((text) => ties.test(text))) return [];
  const example = kind === 'apt' ? '"NAME={version}*"' : kind === 'apk' ? '"NAME~={version}"' : 'a tag';
  const text = `expected {version} in it, e.g. ${example}: else any version would get the label`;
  return [{ path: [...path, Object.keys(step).find((key) => key in kinds) ?? '', 'root', kind], text }];
}

const kinds = { flix: true, flatwrap: true };
const ties = /\{(version|bare|patch)\}|@sha256:/;

function versionedTexts(step: BuildStep): [string, readonly string[]] | [undefined, readonly string[]] {
  if (!('flix' in step) && !('flatwrap' in step)) return [undefined, []];
  const { root } = 'flix' in step ? step.flix : step.flatwrap;
  if ('apt' in root) return ['apt', root.apt];
  if ('apk' in root) return ['apk', root.apk];
  if ('artifact' in root) return [undefined, []];
  return ['image', [root.image]];
}
