import { InvalidArgumentError } from 'commander';

/** For an option of commander: the address of a bakery. */
export function readUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('expected a URL like https://HUB/extensions/');
}
