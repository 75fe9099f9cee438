export { childEnvironment, type Environment } from '../ports/child-environment.ts';
export type { Exec, ExecOptions, Finished } from '../ports/exec.ts';
export type { Progress, Report } from '../ports/report.ts';
export { spawnExec } from '../ports/spawn.ts';
