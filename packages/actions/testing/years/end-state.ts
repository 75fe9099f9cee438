import { z } from 'zod';
import { Catalogue } from '@bakery/core/src/catalogue/schema.ts';
import { bestBeforeIn, parseManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { renewed, repository } from './live.ts';
import type { Expected } from './model.ts';
import { keys, type Years } from './years.ts';

const Status = z.object({
  failing: z.record(z.string(), z.object({ since: z.string(), leftOut: z.boolean().optional() })),
});
const day = 86_400_000;

/** Where the bakery and its model differ at the end, in words. */
export async function differences(years: Years): Promise<readonly string[]> {
  const { fake, expected, nights, start } = years;
  const read = async (tag: string, file: string): Promise<string> =>
    (await fake.read(repository, tag, file)).toString();
  const found: string[] = [];
  const compare = (what: string, is: unknown, should: unknown): void => {
    const [left, right] = [JSON.stringify(is), JSON.stringify(should)];
    if (left !== right) found.push(`${what}: expected ${right}, got ${left}`);
  };
  const signedBy = async (tag: string): Promise<string> =>
    (await read(tag, 'SHA256SUMS.gpg')).split(' signed ')[0] ?? '';
  const imagesIn = async (tag: string): Promise<string[]> =>
    parseManifest(await read(tag, 'SHA256SUMS'), tag)
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.raw'))
      .toSorted();
  const lastNight = start + (nights.length - 1) * day;
  const isRenewed = async (tag: string): Promise<boolean> => {
    const until = bestBeforeIn(await read(tag, 'SHA256SUMS')) ?? '';
    return Date.parse(until) - lastNight > renewed.left * day;
  };
  const text = await read('SHA256SUMS', 'catalogue.json');
  const catalogue = Catalogue.parse(JSON.parse(text));
  const releases = fake
    .releases(repository)
    .filter(({ draft }) => !draft)
    .map(({ tag }) => tag);
  const isEverAiling = releases.includes('bakery-status');
  const status: unknown = isEverAiling
    ? JSON.parse(await read('bakery-status', 'status.json'))
    : { failing: {} };
  const { failing } = Status.parse(status);
  const all: string[] = [];
  for (const [name, one] of expected) {
    const own = releases.filter((tag) => tag.startsWith(`${name}-`)).map((tag) => tag.slice(name.length + 1));
    compare(`${name}: releases`, own.toSorted(), [...one.published].toSorted());
    const images = listed(name, one);
    all.push(...images);
    compare(`${name}: index`, await imagesIn(name), images);
    compare(`${name}: key of its index`, await signedBy(name), keys[1]);
    compare(`${name}: its index is good for days`, await isRenewed(name), true);
    const told = catalogue.extensions.find((extension) => extension.name === name);
    const states = told?.versions.map(({ version, state }) => `${version} ${state}`).toSorted();
    compare(
      `${name}: catalogue`,
      states,
      one.published.map((version) => `${version} ${stateOf(version, one)}`).toSorted(),
    );
    const ailing = failing[name];
    compare(
      `${name}: status`,
      ailing && [Math.floor((Date.parse(ailing.since) - start) / day), ailing.leftOut === true],
      one.ailing && [one.ailing.since, one.ailing.leftOut],
    );
    const issues = fake.repo(repository).issues.filter(({ title }) => title === `${name} cannot be released`);
    compare(
      `${name}: issues`,
      [issues.length, issues.filter(({ state }) => state === 'open').length],
      [one.issues.opened, one.issues.isOpen ? 1 : 0],
    );
  }
  compare('index of everything', await imagesIn('SHA256SUMS'), all.toSorted());
  compare('key of the index of everything', await signedBy('SHA256SUMS'), keys[1]);
  compare('the index of everything is good for days', await isRenewed('SHA256SUMS'), true);
  return [...found, ...fake.violations()];
}

function listed(name: string, { published, withdrawn }: Expected): string[] {
  return published
    .filter((version) => !withdrawn.includes(version))
    .flatMap((version) => ['arm64', 'x86-64'].map((arch) => `${name}-${version}-${arch}.raw`))
    .toSorted();
}

function stateOf(version: string, { withdrawn, ended }: Expected): string {
  if (withdrawn.includes(version)) return 'yanked';
  return ended.has(Number(version.split('.')[0])) ? 'eol' : 'ok';
}
