export { checkTree } from '../stage/check-tree.ts';
export { createTree } from '../stage/tree.ts';
