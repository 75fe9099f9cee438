import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { context } from '@actions/github';
import { githubClient, githubConfig } from '@bakery/core/github.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { runAction } from './run-action.ts';
import { writeSummary } from './summary.ts';

const label = 'docs-drift'; // GitHub makes it when it is not there.
const title = (name: string): string => `${name} has no documentation page`;

/** Opens an issue for each extension of the release list whose recipe has no README.md, unless there ever was one. */
await runAction(process, async (io) => {
  const bakery = await openFromInputs(io, {});
  const names = [...new Set((await bakery.releaseList()).map(({ name }) => name))];
  const undocumented: string[] = [];
  for (const name of names) {
    const page = join(bakery.recipeBook.folder(name) ?? join('recipes', name), 'README.md');
    if (
      !(await access(page).then(
        () => true,
        () => false,
      ))
    )
      undocumented.push(name);
  }
  const { octokit } = githubClient(githubConfig(io.env), { report: io.report });
  // Closed ones count: whoever closed it has decided.
  const known = new Set<string>();
  if (undocumented.length > 0) {
    const query = { ...context.repo, state: 'all', labels: label, per_page: 100 } as const;
    for (const issue of await octokit.paginate(octokit.issues.listForRepo, query)) known.add(issue.title);
  }
  const opened = undocumented.filter((name) => !known.has(title(name)));
  for (const name of opened) {
    const body = `The release list has ${name}, and \`recipes/${name}/README.md\` is missing. It should say what the image holds and how a host uses it.\n`;
    const { data } = await octokit.issues.create({
      ...context.repo,
      title: title(name),
      body,
      labels: [label],
    });
    log.info(`opened ${data.html_url}`);
  }
  await writeSummary([
    {
      title: 'Documentation',
      text: `${names.length} extensions, ${undocumented.length} without a page, ${opened.length} issues opened.`,
    },
    { title: 'Without a page', head: ['extension'], rows: undocumented.map((name) => [name]) },
  ]);
});
