// pnpm fuzz [--seconds=N] [--seed=N] [TARGET…]: as many inputs as the seconds allow for each target, with a new seed
// by default. Prints how many there were, and for a failure the seed and path that make it again.
import { inspect, parseArgs } from 'node:util';
import { targets } from './targets.ts';

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
  allowPositionals: true,
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0 || !Number.isSafeInteger(seed) || !(seconds > 0)) {
  process.stderr.write(`targets: ${targets.map(({ name }) => JSON.stringify(name)).join(' ')}\n`);
  process.exit(2);
}
for (const { name, run } of chosen) {
  const started = performance.now();
  try {
    const { runs, refused } = await run({ seed, runs: Number.MAX_SAFE_INTEGER, until: seconds * 1000 });
    const took = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`${name}: ${runs} inputs, ${refused} refused, in ${took} s, seed ${seed}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stdout.write(`${name}: ${inspect(error)}\n`);
  }
}
