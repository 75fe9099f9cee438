import { UserError } from '../../diagnostics/user-error.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { Obstacle, Planned } from '../../store/obstacles.ts';
import type { Store } from '../../store/store.ts';
import type { Wanted } from './plan.ts';

export interface Flight extends Omit<Planned, 'newIndexes'> {
  readonly wanted: readonly Wanted[];
  /** Every tag the store has. */
  readonly tags: ReadonlySet<string>;
}

/** What stands in the way of publishing `wanted`, before any of it is built. */
export async function preflight(
  { wanted, tags, ...needs }: Flight,
  store: Pick<Store, 'obstacles'>,
): Promise<readonly Obstacle[]> {
  const indexes = wanted.length === 0 ? [] : [...wanted.map(({ name }) => name), globalTag];
  return store.obstacles({ ...needs, newIndexes: [...new Set(indexes)].filter((tag) => !tags.has(tag)) });
}

/** One UserError that names every obstacle that is sure, each with what to do. */
export function refuseObstacles(obstacles: readonly Obstacle[]): void {
  const sure = obstacles.filter(({ isSure }) => isSure).map(showObstacle);
  if (sure.length === 0) return;
  throw new UserError(
    'store.obstacle',
    ['nothing is built, as nothing could be published:', ...sure].join('\n  '),
  );
}

export function showObstacle({ problem, remedy }: Pick<Obstacle, 'problem' | 'remedy'>): string {
  return `${problem} (${remedy})`;
}
