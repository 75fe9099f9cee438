import { z } from 'zod';

const error = 'expected a package like "btop", "btop=1.4*" or "btop~=1.4"';

/**
 * A Debian package, maybe with its version. What else mmdebstrap and apt take there, they take for an option, a
 * file of this machine, a pattern or a removal.
 */
export const DebianPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](:[a-z0-9-]+)?(=[A-Za-z0-9][\w.+:~*-]*)?$/, { error });

/** A package as any package manager of a container image knows it, maybe with its version. */
export const DistributionPackage = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*[A-Za-z0-9+._]?(:[a-z0-9-]+)?([~<>=]{1,2}[A-Za-z0-9][\w.+:~*-]*)?$/, {
    error,
  });

export const DebianSuite = z
  .string()
  .regex(/^[a-z][a-z-]*$/, { error: 'expected a suite of Debian, e.g. trixie' });
