import { describe, expect, it } from '@jest/globals';
import { showSize, storyChapters, tellRun } from './run-story.ts';
import { formatSummary } from './summary.ts';
import type { Trouble } from './trouble.ts';

const expected = 'recipes/a/recipe.yaml:20:5 expected x';
const planned = ['1', '2', '3', '4'].map((version) => ({ extension: 'a', version }));
const asset = { name: 'a-1-arm64.raw', size: 12_345_678, sha256: undefined };
const facts = {
  planned,
  deferred: [{ extension: 'b', version: '9', why: 'too much for now' }],
  releases: [{ tag: 'a-1', assets: [asset, { ...asset, name: 'SHA256SUMS' }] }],
  troubles: new Map<string, readonly Trouble[]>([
    ['a-2', ['x86-64', 'arm64'].map(() => ({ kind: 'failed', why: expected }))],
    ['a-4', [{ kind: 'waiting', why: 'a-4 waits until 05:00 UTC' }]],
  ]),
  urlOf: (tag: string) => `https://github.example/releases/tag/${tag}`,
};

describe('the story of a run', () => {
  it('tells of every planned version whether it is there, and of every other why not', () => {
    expect(tellRun(facts)).toEqual({
      run: 1,
      published: [
        {
          extension: 'a',
          version: '1',
          images: { 'a-1-arm64.raw': 12_345_678 },
          url: 'https://github.example/releases/tag/a-1',
        },
      ],
      waiting: [...facts.deferred, { extension: 'a', version: '4', why: 'a-4 waits until 05:00 UTC' }],
      failed: [
        { extension: 'a', version: '2', why: 'recipes/a/recipe.yaml:20:5 expected x' },
        { extension: 'a', version: '3', why: 'see the log of its jobs' },
      ],
      leftOut: [],
      rebuilt: [],
    });
  });

  it('calls nothing failed that nobody could look at, unless its job says so', () => {
    const { published, waiting, failed } = tellRun({ ...facts, releases: undefined });
    expect(published).toEqual([]);
    expect(waiting.map(({ version }) => version)).toEqual(['9', '1', '3', '4']);
    expect(failed.map(({ version }) => version)).toEqual(['2']);
  });

  it('tells what came of building images again', () => {
    const one = {
      extension: 'a',
      version: '1',
      arch: 'arm64',
      verdict: 'unexplained',
      why: 'other files',
    } as const;
    const summary = formatSummary(storyChapters(tellRun({ ...facts, rebuilt: [one] })));
    expect(summary).toContain('| a | 1 | arm64 | unexplained | other files |');
  });

  it('links to releases and shows sizes as people read them', () => {
    const summary = formatSummary(storyChapters(tellRun(facts)));
    expect(summary).toContain('1 published, 2 waiting, 2 not published.');
    expect(summary).toContain('| [a-1](https://github.example/releases/tag/a-1) | a | 1 | 12.3 MB |');
    expect(summary).toContain('| b | 9 | too much for now |');
  });
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_345_678, '12.3 MB'],
  [40e9, '40.0 GB'],
])('shows %d bytes as %s', (bytes, text) => {
  expect(showSize(bytes)).toBe(text);
});
