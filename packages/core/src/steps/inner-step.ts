import { openSync } from 'node:fs';
import { join, posix } from 'node:path';
import picomatch from 'picomatch';
import { z } from 'zod';
import { nearNames } from '../diagnostics/near-names.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { lastPart } from '../language/address.ts';
import { MemberGlob, MemberTarget } from '../language/image-paths.ts';
import { templated } from '../language/slots.ts';
import { archiveFormat } from '../stage/archive-format.ts';
import { readMembers } from '../stage/members.ts';
import type { Tree } from '../stage/tree.ts';
import { unpack } from '../stage/unpack.ts';
import { writeBody } from '../stage/write-body.ts';
import { conditionShape } from '../versions/condition.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { stepKind } from './step-kind.ts';

const Inner = z.strictObject({
  artifact: z.string().describe('Name of an entry of artifacts: an archive of archives.'),
  archive: templated(MemberGlob).describe('The one in it; a glob must match exactly one.'),
  files: z
    .record(templated(MemberGlob), templated(MemberTarget))
    .describe('Member or glob → path, as in unpack of an artifact.'),
  exclude: z.array(templated(MemberGlob)).default([]),
});
type Inner = z.infer<typeof Inner>;

export const innerStep = stepKind({
  kind: 'inner',
  form: '{inner}',
  schema: z
    .strictObject({ inner: Inner, ...conditionShape })
    .transform(({ inner: step, ...conditions }) => ({ kind: 'inner' as const, step, ...conditions })),
  run: takeInner,
  tools: () => ['xz archives', 'zstd archives'],
  artifacts: ({ artifact }) => [{ path: ['artifact'], name: artifact }],
});

/** Takes members of an archive that lies in an archive, e.g. of one of the packages in a release. */
async function takeInner(step: Inner, tree: Tree, context: BuildContext): Promise<BuildRecord> {
  const { path, url } = context.artifact(step.artifact);
  const outer = { path, format: archiveFormat(url), label: lastPart(url) };
  const inner = await findInner(outer, step.archive, context);
  const files = Object.entries(step.files).map(([member, to]) => ({ member, target: { to } }));
  const unpacking = { strip: 0, files, exclude: step.exclude, limit: outputLimit };
  await unpack({ ...inner, format: archiveFormat(inner.label) }, unpacking, tree, context.ports);
  return { step: 'inner' };
}

const shown = 5; // of members that match too

async function findInner(
  outer: Parameters<typeof readMembers>[0],
  wanted: string,
  { ports, scratch }: BuildContext,
): Promise<{ readonly path: string; readonly label: string }> {
  const matches = picomatch(wanted, { dot: true });
  const known: string[] = [];
  const found: string[] = [];
  const path = join(scratch, 'inner');
  for await (const member of readMembers(outer, outputLimit, ports)) {
    if (member.kind !== 'file') continue;
    const plain = posix.normalize(member.path);
    known.push(plain);
    if (!matches(plain)) continue;
    found.push(plain);
    if (found.length === 1) await writeBody(outer, member, openSync(path, 'wx'), path);
  }
  const [only, second] = found;
  if (only !== undefined && second === undefined) return { path, label: posix.basename(only) };
  if (second !== undefined) {
    throw new UserError(
      'archive.no-member',
      `${outer.label}: expected one member that matches "${wanted}", got ${found.slice(0, shown).join(', ')}`,
    );
  }
  throw new UserError(
    'archive.no-member',
    `${outer.label}: expected a member that matches "${wanted}", got none`,
    {
      hint: `near it: ${nearNames(wanted, known).join(', ')}`,
    },
  );
}
