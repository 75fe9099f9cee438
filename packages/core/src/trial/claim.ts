import type { HostTest } from '../recipe/image-plan.ts';

/** What a step of `test:` holds the host to, in words. */
export function claimOf(test: HostTest): string {
  switch (test.kind) {
    case 'config':
      return `gets ${test.path}`;
    case 'unit':
      return test.state === 'loaded' ? `${test.unit} loads` : `${test.unit} becomes active and stays so`;
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
