import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { templated } from '../language/slots.ts';
import { PinnedImage } from '../names/image-reference.ts';
import { DistributionPackage } from '../names/package-name.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { inputIn, runContainer } from './container.ts';
import { isOfEngine } from './engine-files.ts';
import { extractAll } from './extract-all.ts';
import { requirePackages } from './package-spec.ts';
import { rootKind } from './root-kind.ts';

/** Packages of Alpine, installed in a container of the target architecture. */
export const apkRoot = rootKind({
  kind: 'apk',
  form: '{apk, image}',
  schema: z
    .strictObject({
      apk: z
        .array(templated(DistributionPackage))
        .min(1)
        .describe('Alpine packages, e.g. "btop~={version}".'),
      image: templated(PinnedImage),
    })
    .transform((root) => ({ kind: 'apk' as const, ...root })),
  prepare,
  tools: ['containers'],
  needsEngine: true,
  versioned: ({ apk }) => ({ texts: apk, example: '"NAME~={version}"' }),
});

async function prepare(
  { apk, image }: { readonly apk: readonly string[]; readonly image: string },
  path: string,
  context: BuildContext,
): Promise<Omit<BuildRecord, 'step'>> {
  const input = await inputIn(context.scratch);
  await using container = await runContainer(
    { image, network: true, env: {}, packages: apk, input, program: '', title: 'install packages' },
    context,
  );
  requirePackages(apk, container.packages);
  const tar = join(context.scratch, 'root.tar');
  await container.saveRoot(tar);
  await extractAll({ path: tar, format: 'tar', label: image }, path, outputLimit, context.ports, isOfEngine);
  await rm(tar);
  return { image: container.image, packages: [...container.packages] };
}
