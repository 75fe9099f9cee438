import type { githubClient } from '@bakery/core/github.ts';
import type { Status } from '@bakery/core/release.ts';
import { log } from './log.ts';
import { type IssueRules, planIssues } from './plan-issues.ts';

export interface Raising extends IssueRules {
  readonly label: string;
}

export interface Repository {
  readonly owner: string;
  readonly repo: string;
  readonly octokit: ReturnType<typeof githubClient>['octokit'];
}

/** Opens, updates and closes issues; says what it did. */
export async function raiseIssues(
  status: Status,
  { label, ...rules }: Raising,
  { octokit, ...repository }: Repository,
): Promise<string> {
  const query = { ...repository, state: 'all', labels: label, per_page: 100 } as const;
  const known = (await octokit.paginate(octokit.issues.listForRepo, query)).map((issue) => ({
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    isOpen: issue.state === 'open',
    created: issue.created_at,
  }));
  const plan = planIssues(status, known, rules);
  for (const { title, body } of plan.open) {
    const { data } = await octokit.issues.create({ ...repository, title, body, labels: [label] });
    log.info(`opened ${data.html_url}`);
  }
  for (const { number, body } of plan.update)
    await octokit.issues.update({ ...repository, issue_number: number, body });
  for (const { number, body } of plan.close) {
    const closed = { state: 'closed', state_reason: 'completed' } as const;
    await octokit.issues.update({ ...repository, issue_number: number, body, ...closed });
  }
  return `${plan.open.length} opened, ${plan.update.length} brought up to date, ${plan.close.length} closed.`;
}
