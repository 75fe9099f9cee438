import { z } from 'zod';

const scope = '(?:@[a-z0-9][a-z0-9._~-]*/)?';

/**
 * A package of the npm registry, without the capitals of old ones. Folders, `git+ssh:` and whatever else the client
 * takes in its place are none: https://docs.npmjs.com/cli/configuring-npm/package-json#name
 */
export const NpmName = z
  .string()
  .max(214)
  .regex(new RegExp(`^${scope}[a-z0-9][a-z0-9._~-]*$`), { error: 'expected the name of an npm package' });
