export { toolFor, tools, toolsFor } from '../tools/table.ts';
export { isAtLeast, toolVersions } from '../tools/tool-versions.ts';
