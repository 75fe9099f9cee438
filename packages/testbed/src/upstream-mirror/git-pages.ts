import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { withoutScheme } from './documents-of.ts';
import type { Fault, Faults } from './fault.ts';
import type { Fixture } from './fixture.ts';
import { makeRepositories } from './repositories.ts';
import { serveGit } from './serve-git.ts';

/** Answers a request for a path of a repository; resolves to `false` when it is none. */
export type GitPages = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The repositories of all fixtures, made below `folder`; faults by address change what is served. */
export async function gitPages(
  fixtures: readonly Fixture[],
  folder: string,
  faults: Faults,
): Promise<GitPages> {
  const sound = join(folder, 'sound');
  const lacking = join(folder, 'lacking');
  for (const fixture of fixtures) {
    await makeRepositories(fixture, sound, { withoutProgram: false });
    await makeRepositories(fixture, lacking, { withoutProgram: true });
  }
  const repositories = fixtures.flatMap((fixture) => fixture.repositories);
  return async (path, request, response) => {
    const repository = repositories.find(({ url }) => path.startsWith(`${withoutScheme(url)}/`));
    if (repository === undefined) return false;
    const fault = faults.get(repository.url);
    if (fault === 'moved') return false;
    const root = fault === 'missing member' ? lacking : sound;
    const { status, headers, body } = await serveGit(root, path, request);
    response.writeHead(status, headers).end(spoiled(body, fault));
    return true;
  };
}

/** Half of a pack, or one with another byte in it; talk about references is left alone. */
function spoiled(body: Buffer, fault: Fault | undefined): Buffer {
  const pack = body.indexOf('PACK');
  if (pack === -1) return body;
  if (fault === 'truncated') return body.subarray(0, pack + (body.length - pack) / 2);
  if (fault !== 'wrong checksum') return body;
  const changed = Buffer.from(body);
  const inside = pack + 40; // in the first object: behind the head of the pack and of the object
  changed.writeUInt8(changed.readUInt8(inside) ^ 0xff, inside);
  return changed;
}
