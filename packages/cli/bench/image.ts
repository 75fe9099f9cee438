/**
 * What an image costs beside the plain tools, in one run: `pnpm bench image`.
 * Theirs and ours take turns, so that a machine whose speed drifts hurts both alike; medians count.
 */
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareDefaults } from './image/defaults.ts';
import { compareWholeJob } from './image/whole-job.ts';

await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-'));
await compareDefaults(folder.path, (text) => process.stdout.write(text));
await compareWholeJob(folder.path, (text) => process.stdout.write(text));
