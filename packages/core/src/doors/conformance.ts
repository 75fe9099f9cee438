export { checkHub, type Conformance } from '../conformance/check-hub.ts';
export { sysupdateProgram } from '../conformance/systemd.ts';
