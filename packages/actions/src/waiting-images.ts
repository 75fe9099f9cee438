import { z } from 'zod';
import type { HostProcess } from '@bakery/core/bakery.ts';
import { githubClient, githubConfig } from '@bakery/core/github.ts';
import { tagOf } from '@bakery/core/names.ts';
import type { Wanted } from '@bakery/core/release.ts';
import { log } from './log.ts';

/** The step of bake.yaml’s publish jobs that runs when GitHub accepts no more for now. */
export const waitingStep = 'Leave word that the images wait';

const mostRuns = 2; // of two to four requests each; what more of them have is built again
const mostPages = 8; // of 100 artifacts
const kept = 2 * 86_400_000; // milliseconds; bake.yaml keeps images for a day more

/**
 * The runs that hold images of versions which waited for GitHub’s limits, by tag. A request for each 100 artifacts
 * when nothing waits.
 *
 * An artifact called `waiting@NAME@VERSION@RUN@PACKED` says where to look, and nothing more, as any job may have made
 * it. GitHub says whether the publish job of that version went that way, in a run of this workflow at the very commit
 * this one is at, on this branch of this repository. So nobody gets images in who could not in that run. Nor does
 * another version of the bakery, which a moved tag may be, have built them.
 */
export async function waitingImages(
  wanted: readonly Wanted[],
  packed: string,
  io: Pick<HostProcess, 'env' | 'report'>,
): Promise<ReadonlyMap<string, number>> {
  const here = Here.safeParse(io.env).data;
  const asked = wanted.filter(({ revise }) => revise === undefined);
  if (here === undefined || asked.length === 0) return new Map();
  const { octokit } = githubClient(githubConfig(io.env), { report: io.report });
  try {
    const artifacts = (await newestArtifacts(here, octokit)).filter(({ expired }) => !expired);
    const told = asked.flatMap((one) => {
      const run = runTold(one, artifacts, packed);
      return run === undefined ? [] : [{ ...one, run }];
    });
    const runs = [...new Set(told.map(({ run }) => run))].toSorted((a, b) => b - a).slice(0, mostRuns);
    if (runs.length === 0) return new Map();
    const own = await runOf(Number(here.GITHUB_RUN_ID), here, octokit);
    const looked = runs.map(async (run) => [run, await waitedIn(run, own, here, octokit)] as const);
    const waited = new Map(await Promise.all(looked));
    return new Map(
      told
        .filter(({ name, version, run }) => waited.get(run)?.has(jobOf(name, version)) === true)
        .map((one) => [tagOf(one), one.run]),
    );
  } catch (error) {
    // They are built again, as if there were none.
    const why = error instanceof Error ? error.message : String(error);
    log.warning(`cannot look for images left waiting by an earlier run: ${why}`);
    return new Map();
  }
}

/** Newest first: those of a run or two, each of which may have some for every image. */
async function newestArtifacts(here: Here, octokit: Client) {
  let pages = 0;
  return octokit.paginate(
    octokit.actions.listArtifactsForRepo,
    { ...repositoryOf(here), per_page: 100 },
    ({ data }, done) => {
      pages++;
      if (pages === mostPages) done();
      return data;
    },
  );
}

/** What the newest artifact about a version says, when it is that its images wait. */
function runTold(
  { name, version }: Wanted,
  artifacts: readonly { readonly id: number; readonly name: string }[],
  packed: string,
): number | undefined {
  const start = `waiting@${name}@${version}@`;
  const failure = `trouble@${name}@${version}@publish`; // images that failed once are built again
  const [newest] = artifacts
    .filter((one) => one.name.startsWith(start) || one.name === failure)
    .toSorted((a, b) => b.id - a.id);
  if (newest === undefined || newest.name === failure) return undefined;
  const [, run, how] = /^(\d{1,15})@(.*)$/.exec(newest.name.slice(start.length)) ?? [];
  return how === packed ? Number(run) : undefined;
}

type Client = ReturnType<typeof githubClient>['octokit'];
type Run = Awaited<ReturnType<typeof runOf>>;

/** The publish jobs whose images waited, of a run that has nothing another than this one could have. */
async function waitedIn(id: number, own: Run, here: Here, octokit: Client): Promise<ReadonlySet<string>> {
  const unlike = whatDiffers(await runOf(id, here, octokit), own, here);
  if (unlike !== undefined) {
    log.info(`images waiting since run ${id} are built again: ${unlike}`);
    return new Set();
  }
  const jobs = await octokit.paginate(octokit.actions.listJobsForWorkflowRun, {
    ...repositoryOf(here),
    run_id: id,
    per_page: 100,
  });
  const hasWaited = ({ steps }: (typeof jobs)[number]): boolean =>
    steps?.some(({ name, conclusion }) => name === waitingStep && conclusion === 'success') === true;
  return new Set(jobs.filter(hasWaited).map(({ name }) => name.replace(/^.* \/ /, '')));
}

async function runOf(run_id: number, here: Here, octokit: Client) {
  return (await octokit.actions.getWorkflowRun({ ...repositoryOf(here), run_id })).data;
}

/** Why images of a run are not what this one would build, or may be gone; names of others stay out of the log. */
function whatDiffers(run: Run, own: Run, here: Here): string | undefined {
  const [workflow] = here.GITHUB_WORKFLOW_REF.split('@');
  const differences: readonly (readonly [differs: boolean, why: string])[] = [
    [`${run.repository.full_name}/${run.path.split('@')[0]}` !== workflow, 'another workflow ran there'],
    [run.head_repository.full_name !== here.GITHUB_REPOSITORY, 'it ran for another repository'],
    [run.head_branch !== here.GITHUB_REF_NAME, 'it ran on another branch'],
    [run.head_sha !== here.GITHUB_SHA, 'it ran at another commit'],
    [!['schedule', 'workflow_dispatch', 'push'].includes(run.event), 'something else started it'],
    [bakeryOf(run) !== bakeryOf(own), 'it ran with another version of the bakery'],
    // Its images are there: another run that waited may have told of it since.
    [Date.now() - Date.parse(run.created_at) >= kept, 'they are no longer kept'],
  ];
  return differences.find(([differs]) => differs)?.[1];
}

/** The workflows that a run called, with their commits: a tag like `v1` of whoever’s bakery it is moves. */
function bakeryOf({ referenced_workflows: called }: Run): string {
  return (called ?? [])
    .map(({ path, sha }) => `${path} ${sha}`)
    .toSorted()
    .join('\n');
}

/** As bake.yaml calls it; the job that calls that stands before, with a slash between. */
function jobOf(extension: string, version: string): string {
  return `Publish ${extension} ${version}`;
}

function repositoryOf({ GITHUB_REPOSITORY }: Here): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = GITHUB_REPOSITORY.split('/');
  return { owner, repo };
}

/** https://docs.github.com/actions/reference/workflows-and-actions/variables */
const Here = z.object({
  GITHUB_REPOSITORY: z.string(),
  GITHUB_WORKFLOW_REF: z.string(),
  GITHUB_REF_NAME: z.string(),
  GITHUB_SHA: z.string(),
  GITHUB_RUN_ID: z.string(),
});
type Here = z.infer<typeof Here>;
