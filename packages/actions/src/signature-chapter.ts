import type { Bakery } from '@bakery/core/bakery.ts';
import { showPlace } from '@bakery/core/diagnostics.ts';
import { indexDays, warnOfDays } from '@bakery/core/release.ts';
import { dayOf, warnOfEnd } from '@bakery/core/signing.ts';
import { log } from './log.ts';
import type { Chapter } from './summary.ts';
import { unlessBusy } from './unless-busy.ts';

type Feed = Pick<Bakery, 'signer' | 'bestBefore' | 'renewalProblem' | 'store' | 'recipeBook'>;

/** Whether hosts can tell the feed from a forged one, and for how long they believe it, in plain words. */
export async function signatureChapter(feed: Feed): Promise<Chapter> {
  const chapter = await unlessBusy('Whether the feed is signed is not known', () => chapterOf(feed));
  return chapter === 'busy'
    ? { title: 'Signature', text: 'Not looked at: GitHub accepts no more for now.' }
    : chapter;
}

async function chapterOf(feed: Feed): Promise<Chapter> {
  const signed = await feed.signer();
  if (signed === undefined) {
    const text =
      'Not signed: there is no key, so hosts cannot tell these files from an attacker’s. ' +
      'bakery key new DIR makes keys and says where they belong.';
    const undated = feed.bestBefore === undefined ? '' : ' Without one, sign.best-before comes to nothing.';
    return { title: 'Signature', text: text + undated };
  }
  const text = `Signed by ${signed.fingerprint}, whose key is good until ${dayOf(signed.expires)}.`;
  const days = feed.bestBefore === undefined ? [] : await indexDays(feed.store, feed.recipeBook.names);
  const [first] = days;
  const until =
    first === undefined ? '' : ` Hosts with systemd 260 and newer believe its indexes until ${first.day}.`;
  const warnings = [warnOfEnd(signed, Date.now()), warnOfDays(days, Date.now())].filter(
    (one) => one !== undefined,
  );
  const soon = warnings.length === 0 ? '' : ` Soon over: ${warnings.join('; ')}.`;
  const problem = await feed.renewalProblem();
  const unscheduled = problem && `${showPlace(problem.place)}: ${problem.message}`;
  for (const warning of [...warnings, unscheduled]) if (warning !== undefined) log.warning(warning);
  return {
    title: 'Signature',
    text: text + until + soon + (unscheduled === undefined ? '' : ` Nobody renews them: ${unscheduled}.`),
  };
}
