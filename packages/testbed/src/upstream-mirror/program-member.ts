import { basename, dirname } from 'node:path';
import type { Member } from './fixture.ts';

type Members = Readonly<Record<string, Member>>;

/** Path of the first program, or of the first file that one is made of. */
export function firstProgram(members: Members): string | undefined {
  return Object.entries(members).find(([, member]) => isProgram(member))?.[0];
}

/** Upstream puts a program elsewhere, which is how members usually get lost. */
export function moveProgram(members: Members): Members {
  const first = firstProgram(members);
  return Object.fromEntries(
    Object.entries(members).map(([path, member]) => [path === first ? moved(path, member) : path, member]),
  );
}

/** A source stays below the one top folder that archives of sources have. */
function moved(path: string, member: Member): string {
  const isSource = typeof member !== 'string' && member.source === true;
  return isSource ? `${dirname(path)}/elsewhere/${basename(path)}` : `elsewhere/${path}`;
}

function isProgram(member: Member): boolean {
  if (typeof member === 'string') return member === 'elf';
  return member.elf === true || member.source === true || member.members !== undefined;
}
