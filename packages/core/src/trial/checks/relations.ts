import { type Check, failed, passed, skipped } from '../outcome.ts';
import type { Relation } from '../promises.ts';
import type { Subject } from '../subject.ts';

/** What its recipe says of other extensions, held against those that are tried together. */
export function checkRelations({ promises }: Subject, all: readonly Subject[]): Check[] {
  if ('unknown' in promises) return [];
  const beside = ({ name }: Relation): Subject | undefined => all.find((one) => one.name === name);
  return [
    ...promises.requires.map((wanted) => ({ ...required(wanted, beside(wanted)), place: wanted.place })),
    ...promises.conflicts.flatMap((unwanted) => {
      const other = beside(unwanted);
      return other === undefined ? [] : [{ ...conflict(unwanted, other), place: unwanted.place }];
    }),
  ];
}

function required({ name, version }: Relation, other: Subject | undefined): Check {
  const what = `has ${name}${version === undefined ? '' : ` ${version}`} beside it`;
  if (other === undefined) return skipped(what, `${name} is not tried with it`);
  if (version === undefined || other.version === undefined || other.version === version) return passed(what);
  return failed(what, [`expected ${name} ${version}, got ${other.version}`]);
}

function conflict({ name, version, why }: Relation, other: Subject): Check {
  const what = `has no ${name}${version === undefined ? '' : ` ${version}`} beside it`;
  if (version !== undefined && other.version !== version) return passed(what);
  return failed(what, [`it conflicts with ${name}${why === undefined ? '' : `: ${why}`}`]);
}

const most = 20; // lines

/** Of two images with the same file one hides that of the other. */
export function checkCollisions(subject: Subject, all: readonly Subject[]): Check[] {
  return all
    .filter(({ name }) => name < subject.name)
    .map((other) => {
      const what = `ships no file of ${other.name}`;
      const twice = subject.entries.all.filter(({ path, kind }) => {
        const there = other.entries.find(path);
        return there !== undefined && !(kind === 'folder' && there.kind === 'folder');
      });
      if (twice.length === 0) return passed(what);
      const more = twice.length > most ? [`and ${twice.length - most} more`] : [];
      return failed(what, [...twice.slice(0, most).map(({ path }) => path), ...more]);
    });
}
