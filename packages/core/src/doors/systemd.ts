export { compareVersions } from '../systemd/compare.ts';
export { parseUnit } from '../systemd/parse-unit.ts';
