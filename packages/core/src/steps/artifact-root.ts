import { z } from 'zod';
import { archiveFormat } from '../stage/archive-format.ts';
import { outputLimit } from './build-context.ts';
import { extractAll } from './extract-all.ts';
import { rootKind } from './root-kind.ts';

/** An archive of a root, which is an artifact of the recipe. */
export const artifactRoot = rootKind({
  kind: 'artifact',
  form: '{artifact}',
  schema: z
    .strictObject({ artifact: z.string().describe('Name of an entry of artifacts: an archive of a root.') })
    .transform((root) => ({ kind: 'artifact' as const, ...root })),
  prepare: async ({ artifact }, folder, context) => {
    const { path, url } = context.artifact(artifact);
    const archive = { path, format: archiveFormat(url), label: url };
    await extractAll(archive, folder, outputLimit, context.ports);
    return {};
  },
  tools: [],
  artifact: ({ artifact }) => artifact,
});
