import { z } from 'zod';

/** A tag, branch or commit: no option, pattern, refspec or expression over commits. See git-check-ref-format(1). */
export const GitRef = z.string().regex(/^(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock$))[A-Za-z0-9_][\w./+@#=,%-]*$/, {
  error: 'expected a tag, branch or commit',
});

/** Where a repository is. git reads others (`ext::`, `file:`, `ssh:`) as commands, files or logins of this machine. */
export const GitAddress = z.string().regex(/^https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?\/[^\s\p{Cc}]+$/u, {
  error: 'expected the https:// address of a git repository',
});
