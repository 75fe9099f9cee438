export { type Cell, type Comparison, tryToCompare } from '../import/compare-trees.ts';
export { findScript, type Imported, importScript, withMoreLeft } from '../import/import-script.ts';
export { refuseOwnNetwork } from '../import/refuse-own-network.ts';
export { type Comparisons, leftOfTrees, showTrees } from '../import/show-trees.ts';
