export { codeBlock } from '../diagnostics/code-block.ts';
export { capped } from '../diagnostics/capped.ts';
export { codes } from '../diagnostics/code.ts';
export { hubRules } from '../diagnostics/codes/hub-rules.ts';
export { type Diagnostic, isError } from '../diagnostics/diagnostic.ts';
export { showPlace } from '../diagnostics/place.ts';
export { showBytes } from '../diagnostics/show-bytes.ts';
export { UserError } from '../diagnostics/user-error.ts';
export { visible, visibleJson } from '../diagnostics/visible.ts';
