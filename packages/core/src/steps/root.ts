import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import { kindOf, oneOf } from '../language/kinds.ts';
import type { Job } from '../tools/known-tools.ts';
import { apkRoot } from './apk-root.ts';
import { aptRoot } from './apt-root.ts';
import { artifactRoot } from './artifact-root.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { imageRoot } from './image-root.ts';
import type { RootKind } from './root-kind.ts';
import type { Named, StepWork } from './step-kind.ts';

/** A new kind is one file here and one line in this list. */
const all = [apkRoot, aptRoot, imageRoot, artifactRoot] as const;

/** Where a step takes programs from. */
export const Root = oneOf(all);
export type Root = z.infer<typeof Root>;

const kinds: readonly RootKind<Root>[] = all;

/** A foreign system as a folder of this machine, whose files belong to the caller. */
export interface PreparedRoot {
  readonly path: string;
  readonly record: Omit<BuildRecord, 'step'>;
}

/** Gets the root a step takes programs out of. */
export async function prepareRoot(root: Root, context: BuildContext): Promise<PreparedRoot> {
  const path = join(context.scratch, 'root');
  await mkdir(path);
  return { path, record: await kindOf(kinds, root).prepare(root, path, context) };
}

/** What every step with a root says of it. `own` are the tools of the step itself. */
export function workWithRoot(
  own: readonly Job[],
): Pick<StepWork<{ readonly root: Root }>, 'tools' | 'needsEngine' | 'artifacts' | 'problems'> {
  return {
    tools: ({ root }) => [...own, ...kindOf(kinds, root).tools],
    needsEngine: ({ root }) => kindOf(kinds, root).needsEngine ?? false,
    artifacts: ({ root }) => artifactOf(root),
    problems: ({ root }) => versionProblems(root),
  };
}

function artifactOf(root: Root): Named[] {
  const name = kindOf(kinds, root).artifact?.(root);
  return name === undefined ? [] : [{ path: ['root', 'artifact'], name }];
}

const ties = /\{(version|bare|patch)\}|@sha256:/;

/** Or an image would carry whatever version a distribution has that day. */
function versionProblems(root: Root): KeyIssue[] {
  const versioned = kindOf(kinds, root).versioned?.(root);
  if (versioned === undefined || versioned.texts.some((text) => ties.test(text))) return [];
  const message = `expected {version} in it, e.g. ${versioned.example}: else any version would get the label`;
  return [{ path: ['root', root.kind], message }];
}
