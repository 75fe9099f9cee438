import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import { sumsOf } from '../fetch/integrity/integrity.ts';
import { signatureProblem } from '../fetch/signature/signature.ts';
import type { Artifact } from './artifact.ts';
import type { Recipe } from './schema.ts';

/** What a schema cannot see in signatures: what they sign must be there, and whose they are must be known. */
export function signatureProblems(recipe: Recipe): KeyIssue[] {
  return recipe.artifacts.flatMap((artifact, index) => {
    const problem = problemOf(artifact);
    return problem === undefined
      ? []
      : [{ path: ['artifacts', index, ...problem.path], message: problem.message }];
  });
}

function problemOf({ integrity, signature }: Artifact): KeyIssue | undefined {
  const signs = signature?.signs;
  if (integrity.kind === 'signature' && signs !== 'artifact') {
    const got = signs === undefined ? 'none' : 'one of a file of sums';
    return { path: ['integrity'], message: `expected a signature of the artifact beside it, got ${got}` };
  }
  if (signature === undefined) return undefined;
  if (integrity.kind === 'none') {
    const message = 'expected "signature", as there is one beside it, got {none}';
    return { path: ['integrity'], message };
  }
  if (signs === 'sums' && sumsOf(integrity) === undefined) {
    const message = 'expected {sums} or {from} as integrity, which it signs, got another kind';
    return { path: ['signature'], message };
  }
  const problem = signatureProblem(signature);
  return problem === undefined ? undefined : { ...problem, path: ['signature', ...problem.path] };
}
