import { describe, expect, it } from '@jest/globals';
import type { Budget, IndexChange } from '../../store/budget.ts';
import { withinBudget, type Candidate, type Limits } from './within-budget.ts';

function candidate(name: string, version = '1'): Candidate {
  return { wanted: { name, version, why: 'latest' }, files: 6 };
}

/** A request a file, and one more for each release and index. */
function budget(requests: number, creations = 1000): Budget {
  return {
    left: { requests, creations },
    hourly: { requests: 100, creations: 100 },
    until: undefined,
    release: (files) => ({ requests: files + 1, creations: files }),
    index: ({ added }) => ({ requests: added + 1, creations: added }),
  };
}

function limits(more: Partial<Limits>): Limits {
  return {
    budget: budget(1000),
    hours: 1,
    // Three files, and two images of each version.
    indexOf: (_name, built) => (built.length === 0 ? undefined : adding(3 + 2 * built.length)),
    global: adding(1),
    extensions: [],
    ...more,
  };
}

function adding(files: number): IndexChange {
  return { isNew: true, isGlobal: false, added: files, replaced: 0, removed: 0 };
}

const names = (candidates: readonly Candidate[]): string[] =>
  candidates.map(({ wanted }) => `${wanted.name} ${wanted.version}`);

describe('withinBudget', () => {
  // 40 for checks; 7 of a release, 6 of its index, 2 of the index of everything.
  it.each([
    [40 + 15, ['a 1']],
    [40 + 14, []],
    [40 + 15 + 13, ['a 1', 'b 1']],
    // The index of b is written anyway, and longer by two images.
    [40 + 15 + 13 + 9, ['a 1', 'b 1', 'b 0']],
    [40 + 15 + 13 + 8, ['a 1', 'b 1']],
  ])('takes of %d requests whole versions with their indexes: %j', (requests, expected) => {
    const candidates = [candidate('a'), candidate('b'), candidate('b', '0')];
    const { chosen, deferred } = withinBudget(candidates, limits({ budget: budget(requests) }));
    expect(names(chosen)).toEqual(expected);
    expect([...chosen, ...deferred]).toEqual(candidates);
  });

  it('counts what is created as well', () => {
    const { chosen } = withinBudget(
      [candidate('a'), candidate('b')],
      limits({ budget: budget(1000, 6 + 5 + 1) }),
    );
    expect(names(chosen)).toEqual(['a 1']);
  });

  it('takes what fits into the hours that the run may wait for', () => {
    const many = Array.from({ length: 40 }, (_, n) => candidate(`x${n}`));
    const taken = [1, 2, 3].map(
      (hours) => withinBudget(many, limits({ budget: budget(100), hours })).chosen.length,
    );
    expect(taken).toEqual([4, 12, 19]);
  });

  it('leaves room for an index that is overdue', () => {
    const more = { extensions: ['a', 'b'], indexOf: (name: string) => adding(name === 'b' ? 9 : 5) };
    const taken = [24, 25].map(
      (requests) =>
        withinBudget([candidate('a')], limits({ ...more, budget: budget(40 + requests) })).chosen.length,
    );
    expect(taken).toEqual([0, 1]);
  });
});
