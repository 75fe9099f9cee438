import { describe, expect, it } from '@jest/globals';
import { planIssues, type KnownIssue } from './plan-issues.ts';

const now = Date.UTC(2026, 10, 27, 3, 17);
const hours = (count: number): string => new Date(now - count * 3_600_000).toISOString();
const rules = { after: 3, now, run: 'https://github.example/runs/7' };
const why = 'recipes/alpha/recipe.yaml:20:5 https://alpha.example/x: expected 200, got 404 @everyone';

function failingSince(since: string, name = 'alpha') {
  return { status: 1 as const, failing: { [name]: { version: '1.0', since, why } } };
}

function issueFor(since: string, more: Partial<KnownIssue> = {}): KnownIssue {
  const [opened] = planIssues(failingSince(since), [], { ...rules, run: 'run 1' }).open;
  const { title = '', body = '' } = opened ?? {};
  return { number: 4, title, body, isOpen: true, created: hours(1), ...more };
}

const nothing = { open: [], update: [], close: [] };

describe('issues for what fails', () => {
  it('wait for the third night', () => {
    expect(planIssues(failingSince(hours(24)), [], rules)).toEqual(nothing);
    expect(planIssues(failingSince(hours(47)), [], rules).open).toHaveLength(1);
  });

  it('say since when, why and where in the recipe, and call nobody', () => {
    const [issue] = planIssues(failingSince(hours(48)), [], rules).open;
    expect(issue?.title).toBe('alpha cannot be released');
    expect(issue?.body).toMatch(/^Since 2026-11-25 03:17 UTC this has failed:\n\n```text\nalpha-1\.0\n/);
    expect(issue?.body).toContain('recipes/alpha/recipe.yaml line 20');
    expect(issue?.body).toContain('https://github.example/runs/7');
    expect(outsideOfCode(issue?.body)).not.toMatch(/[@#]/);
  });

  it('say of what is left out that an older one stands in', () => {
    const since = hours(48);
    const status = {
      status: 1 as const,
      failing: { alpha: { version: '2.0', since, why: 'upstream lacks x', leftOut: true as const } },
    };
    const [issue] = planIssues(status, [], rules).open;
    expect(issue?.body).toMatch(
      /^Since \S+ \S+ UTC an older version has stood in for this one:\n\n```text\nalpha-2\.0\n/,
    );
  });

  it('show text of others as code, however it tries to end it', () => {
    const since = hours(48);
    const hostile = 'see ```\n@everyone torvalds/linux#1\n````\n~~~ &#64;you';
    const status = { status: 1 as const, failing: { alpha: { version: '1.0@x', since, why: hostile } } };
    const [issue] = planIssues(status, [], rules).open;
    expect(issue?.body).toContain('\n`````text\nalpha-1.0@x\nsee ```\n');
    expect(outsideOfCode(issue?.body)).not.toMatch(/[@#&]/);
  });

  it('are one, whose text changes only with the news', () => {
    const since = hours(72);
    const known = issueFor(since);
    expect(planIssues(failingSince(since), [known], rules)).toEqual(nothing);
    const changed = { ...known, body: known.body.replace('404', '500') };
    expect(planIssues(failingSince(since), [changed], rules)).toMatchObject({
      open: [],
      update: [{ number: 4 }],
      close: [],
    });
  });

  it('are closed when it is well, and those of people are left alone', () => {
    const theirs = { ...issueFor(hours(72)), number: 5, title: 'A question' };
    const plan = planIssues({ status: 1, failing: {} }, [issueFor(hours(72)), theirs], rules);
    expect(plan).toMatchObject({ open: [], update: [], close: [{ number: 4 }] });
    expect(plan.close[0]?.body).toContain('It is well again: https://github.example/runs/7');
  });

  it('stay closed when somebody closed one, until it was well in between', () => {
    const closed = issueFor(hours(72), { isOpen: false, created: hours(20) });
    expect(planIssues(failingSince(hours(72)), [closed], rules)).toEqual(nothing);
    const old = { ...closed, created: hours(500) };
    expect(planIssues(failingSince(hours(72)), [old], rules).open).toHaveLength(1);
  });
});

/** What GitHub reads as Markdown: all but what stands between two equal fences. */
function outsideOfCode(body = ''): string {
  return body.replaceAll(/^(`{3,})text\n.*?\n\1$/gms, '');
}
