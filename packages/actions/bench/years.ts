// `pnpm bench years [EXTENSIONS NIGHTS SEED]`: two years of 40 extensions on the stand-in of GitHub, held against a model.
// Ends with 1 where they differ at the end.
import { differences } from '../testing/years/end-state.ts';
import { liveThrough } from '../testing/years/years.ts';

const [extensions = 40, nights = 730, seed = 1] = process.argv.slice(3).map(Number);
const began = performance.now();
await using years = await liveThrough({ extensions, nights, seed }, (night, { releases, requests }) => {
  const passed = Math.round((performance.now() - began) / 1000);
  if (night % 10 === 0)
    process.stderr.write(`night ${night}, ${passed} s: ${releases} releases, ${requests} requests\n`);
});
const found = await differences(years);
const requests = years.nights.map((night) => night.requests).toSorted((a, b) => a - b);
const share = (part: number): number => requests[Math.floor(nights * part)] ?? 0;
const seconds = Math.round((performance.now() - began) / 1000);
const releases = years.nights.reduce((sum, night) => sum + night.releases, 0);
const issues = years.expected.values().reduce((sum, one) => sum + one.issues.opened, 0);
process.stdout.write(
  `${nights} nights of ${extensions} extensions in ${seconds} s: ${releases} releases, ${issues} issues, ` +
    `requests a night: median ${share(0.5)}, of the 5 in a hundred busiest at least ${share(0.95)}, most ${requests.at(-1)}\n`,
);
for (const line of found) process.stdout.write(`${line}\n`);
if (found.length > 0) process.exitCode = 1;
