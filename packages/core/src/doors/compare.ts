export { type ComparedStores, compareStores } from '../compare/compare-stores.ts';
export { compareImages, type Side } from '../compare/comparison.ts';
export { comparisonMarkdown } from '../compare/markdown.ts';
export { showComparison } from '../compare/show-comparison.ts';
export { localSide, publishedSide } from '../compare/sides.ts';
