export { absent, asUserError, errorCode, inFile, isTaken } from '../lifetime/file-errors.ts';
export { lock } from '../lifetime/lock.ts';
export { makeFolder } from '../lifetime/make-folder.ts';
export { readNamed, whatStandsAt } from '../lifetime/named-file.ts';
export { readPlain } from '../lifetime/read-plain.ts';
export { scratchFolder } from '../lifetime/scratch.ts';
export { writeFileAtomically } from '../lifetime/write-file-atomically.ts';
