import * as core from '@actions/core';
import { capped } from '@bakery/core/diagnostics.ts';
import { plainLine } from './log-line.ts';

/** The log of the job: the only way to it, so that nothing in it is taken for a command or acts upon a terminal. */
export const log = {
  startGroup: (name: string) => core.startGroup(plainLine(capped(name))),
  endGroup: () => core.endGroup(),
  debug: (line: string) => core.debug(plainLine(line)),
  info: (line: string) => core.info(plainLine(capped(line))),
  warning: (line: string) => core.warning(plainLine(capped(line))),
  error: (line: string, place: core.AnnotationProperties = {}) => core.error(plainLine(capped(line)), place),
};
