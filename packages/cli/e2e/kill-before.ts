// Loaded with `node --import`: ends its process as SIGKILL does, just before the change number KILL_BEFORE to the
// file system, or just after the start of child number KILL_AFTER_START. With neither, writes how many there were
// to the file COUNT.
import child_process from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const killBefore = Number(process.env['KILL_BEFORE'] ?? Infinity);
const killAfterStart = Number(process.env['KILL_AFTER_START'] ?? Infinity);
let changes = 0;
let starts = 0;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function change(): void {
  changes += 1;
  if (changes === killBefore) die();
}

const { appendFile, chmod, copyFile, cp, link, mkdir, open, rename, rm, symlink, writeFile } = fs;
Object.assign(fs, {
  appendFile: counted(appendFile),
  chmod: counted(chmod),
  copyFile: counted(copyFile),
  cp: counted(cp),
  link: counted(link),
  mkdir: counted(mkdir),
  open: counted(open),
  rename: counted(rename),
  rm: counted(rm),
  symlink: counted(symlink),
  writeFile: counted(writeFile),
});

function counted<A extends readonly unknown[], R>(original: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    change();
    return original(...args);
  };
}

const { spawn } = child_process;
Object.assign(child_process, {
  spawn: (...args: Parameters<typeof spawn>) => {
    const child = spawn(...args);
    starts += 1;
    if (starts === killAfterStart) die();
    return child;
  },
});
syncBuiltinESMExports();

process.on('exit', () => {
  const file = process.env['COUNT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ changes, starts }));
});
