export { Condition, type Facts, holds } from '../versions/condition.ts';
export { inRange, VersionRange } from '../versions/range.ts';
export { kindOfSource, VersionSource } from '../versions/sources/sources.ts';
export { showUnlike, unlikeOthers } from '../versions/unlike-others.ts';
