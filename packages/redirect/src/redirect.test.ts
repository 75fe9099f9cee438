import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { allArches } from '@bakery/core/src/names/arch.ts';
import { imageName, parseImageName } from '@bakery/core/src/names/file-names.ts';
import { parseTag } from '@bakery/core/src/names/tag.ts';
import { cpuTimeOf } from '@bakery/testbed/cpu-time.ts';
import { samples } from '../testing/sample-requests.ts';
import { redirectConfig } from './config.ts';
import { redirect } from './redirect.ts';

const config = redirectConfig({ repo: 'flatcar/sysext-bakery' });
const home = 'https://github.com/flatcar/sysext-bakery';
const realTags = (await readFile(new URL('../../testbed/data/bakery-tags.txt', import.meta.url), 'utf8'))
  .trim()
  .split('\n');

describe('redirect', () => {
  it.each(samples)('answers $method $path with $status $to', ({ method, path, status, to }) => {
    const answer = redirect({ method, path }, config);
    expect(answer.status).toBe(status);
    expect(answer.kind === 'redirect' ? answer.location : undefined).toBe(
      to === undefined ? undefined : `${home}${to}`,
    );
    expect(answer.headers['Location']).toBe(to === undefined ? undefined : `${home}${to}`);
    expect(answer.headers['Cache-Control']).toMatch(/^(public, max-age=\d+|no-store)$/);
  });

  it('sends hosts nowhere but to the releases of the one repository, whatever they ask', () => {
    const pieces = [
      '/',
      '//',
      '..',
      '.',
      '%2f',
      '%2e',
      '\\',
      '@',
      ':',
      '#',
      '?',
      '%00',
      '{',
      'https:',
      'a',
      'k3s',
    ];
    const ends = ['.conf', 'SHA256SUMS', '-1.0-arm64.raw', '.inputs.json', '/'];
    const next = random(5);
    const locations: string[] = [];
    const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
    for (let round = 0; round < 50_000; round += 1) {
      const length = Math.floor(next() * 6);
      const middle = Array.from({ length }, () => pick([...pieces, ...ends])).join('');
      const path = `${pick(['/extensions/', '/extensions', '/', ''])}${middle}${pick(ends)}`;
      const answer = redirect({ method: 'GET', path }, config);
      if (answer.kind === 'redirect' && answer.location !== home) locations.push(answer.location);
    }
    const inside =
      /^https:\/\/github\.com\/flatcar\/sysext-bakery\/releases\/download\/[A-Za-z0-9][A-Za-z0-9._+-]*\/[A-Za-z0-9][A-Za-z0-9._+-]*$/;
    expect(locations.length).toBeGreaterThan(500);
    expect(locations.filter((location) => !inside.test(location))).toEqual([]);
  });

  it('is as quick for a path made to be slow', async () => {
    const took = await cpuTimeOf(() => {
      for (const part of ['-1', '-v1.', '1.', 'a/']) {
        for (const end of ['', '-arm64.raw!', '.conf!', '/SHA256SUMS!']) {
          const path = `/extensions/a${part.repeat(60_000)}${end}`;
          expect(redirect({ method: 'GET', path }, config).status).toBe(404);
        }
      }
    });
    expect(took).toBeLessThan(2000); // 50 is usual; a second look at each character would take minutes
  });

  it('keeps to the prefix and the server it is told', () => {
    const own = redirectConfig({ repo: 'o/r', server: 'https://ghes.example', prefix: '/' });
    expect(redirect({ method: 'GET', path: '/k3s.conf' }, own)).toMatchObject({
      location: 'https://ghes.example/o/r/releases/download/k3s/k3s.conf',
    });
    expect(redirect({ method: 'GET', path: '/extensions/k3s.conf' }, own)).toMatchObject({
      location: 'https://ghes.example/o/r/releases/download/extensions/k3s.conf',
    });
  });
});

describe('one extension, one truth', () => {
  const names = realTags.filter((tag) =>
    realTags.some((other) => /^-v?\d/.test(other.slice(tag.length)) && other.startsWith(tag)),
  );
  const versions = realTags.flatMap((text) => {
    const tag = parseTag(text, names);
    return tag.kind === 'version' ? [tag] : [];
  });

  it('knows 35 extensions and 537 versions among the 580 real tags', () => {
    expect([realTags.length, names.length, versions.length]).toEqual([580, 35, 537]);
  });

  it.each(allArches)('maps the %s image of each real version to its own tag, by every path', (arch) => {
    for (const { name, version } of versions) {
      const file = imageName({ name, version, arch });
      const encoded = encodeURIComponent(file);
      for (const path of [file, `${name}/${file}`, encoded, `${name}/${encoded}`, `docker/${file}`]) {
        expect(locate(path)).toBe(`${name}-${version}/${file}`);
      }
    }
  });

  it('maps manifest, sysupdate files and record of each real tag to where they are', () => {
    for (const { name, version } of versions) {
      expect(locate(`${name}-${version}/SHA256SUMS`)).toBe(`${name}-${version}/SHA256SUMS`);
      expect(locate(`${name}-${version}/${name}.conf`)).toBe(`${name}-${version}/${name}.conf`);
      expect(locate(`${name}-${version}.inputs.json`)).toBe(
        `${name}-${version}/${name}-${version}.inputs.json`,
      );
    }
    for (const name of names) {
      expect(locate(`${name}/SHA256SUMS`)).toBe(`${name}/SHA256SUMS`);
      expect(locate(`${name}.conf`)).toBe(`${name}/${name}.conf`);
      expect(locate(`${name}-v1.conf`)).toBe(`${name}/${name}-v1.conf`);
    }
  });

  it('takes for an image exactly what the core takes for one', () => {
    const next = random(7);
    const alphabet = [
      '-',
      '.',
      '+',
      '_',
      'v',
      '1',
      '2',
      'a',
      'Z',
      '..',
      '.lock',
      '-arm64',
      '.raw',
      '~',
      ',',
      'v1',
    ];
    const counts = { image: 0, nothing: 0 };
    const wrong: string[] = [];
    for (let round = 0; round < 50_000; round += 1) {
      const length = 1 + Math.floor(next() * 7);
      const version = Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('');
      const file = `docker-${version}-x86-64.raw`;
      const isImage = imageNameOfAny(file);
      if ((locate(file) !== undefined) !== isImage) wrong.push(file);
      counts[isImage ? 'image' : 'nothing'] += 1;
    }
    expect(wrong).toEqual([]);
    expect(Math.min(counts.image, counts.nothing)).toBeGreaterThan(1000);
  });
});

/** Whether some extension has such an image: its name is not known, only how names begin and end. */
function imageNameOfAny(file: string): boolean {
  const starts = [...file.matchAll(/-/g)].map(({ index }) => file.slice(0, index));
  return starts.some(
    (name) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name) && parseImageName(file, name) !== undefined,
  );
}

function locate(path: string): string | undefined {
  const answer = redirect({ method: 'GET', path: `/extensions/${path}` }, config);
  return answer.kind === 'redirect' ? answer.location.slice(`${home}/releases/download/`.length) : undefined;
}

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
