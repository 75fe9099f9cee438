export { toolFor, tools, toolsFor } from '../tools/known-tools.ts';
export { isAtLeast, toolVersions } from '../tools/ask-versions.ts';
