import type { HostTest } from '../../recipe/image-plan.ts';
import { type Check, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

/** What a recipe asks of a host that runs: nothing runs where /usr alone is merged. */
export function checkServices({ promises }: Subject): Check[] {
  if ('unknown' in promises) return [];
  return promises.tests.map((test) => ({
    ...skipped(claimOf(test), 'no service manager runs on this host: --host vm has one'),
    place: test.place,
  }));
}

export function claimOf(test: HostTest): string {
  switch (test.kind) {
    case 'config':
      return `gets ${test.path}`;
    case 'unit':
      return `${test.unit} becomes active and stays so`;
    case 'port':
      return `port ${test.port} answers`;
    case 'run':
      return test.argv.join(' ');
    case 'file':
      return `${test.path} is there`;
    default:
      return test satisfies never;
  }
}
