// `pnpm bench redirect`: the Node redirector beside Caddy with the generated Caddyfile, both with their log, each
// alone on one core, asked by autocannon on another; then the Node redirector at a steady rate, and its memory.
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon, { type Options, type Result } from 'autocannon';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { freePort, startProgram, type StartedProgram } from '@bakery/testbed/started-program.ts';
import { redirectConfig } from '../src/config.ts';
import { startCaddy } from '../testing/started-caddy.ts';

const rounds = 3; // of each, in turn, so that a busy machine hits both
const seconds = 5; // each round
const steadyRate = 500; // requests/s
const steadySeconds = 15;
const memoryRequests = 200_000;
const memorySamples = 10;
const connections = 50;
const serverCore = '0';
const ourCore = '1';

const targets = { ratio: 0.5, p99: 5, growth: 1.1 };
const paths = [
  '/extensions/k3s-v1.34.2+k3s1-x86-64.raw',
  '/extensions/k3s/SHA256SUMS',
  '/extensions/kubernetes/kubernetes-v1.34.conf',
  '/extensions/docker-compose.conf',
  '/extensions/SHA256SUMS.sha256.asc',
  '/extensions/docker/docker-29.2.1-arm64.raw',
  '/extensions/none.html',
];

const config = redirectConfig({ repo: 'flatcar/sysext-bakery' });
const path = process.env['PATH'] ?? '';
await spawnExec(process.env).run('taskset', ['--all-tasks', '-pc', ourCore, `${process.pid}`]);

await using stack = new AsyncDisposableStack();
const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'bench-redirect-')));
const pin = ['taskset', '-c', serverCore];
const node = stack.use(await startNode());
const caddy = stack.use(await startCaddy(config, folder, { path, pin, cores: 1 }));

for (const url of [node.url, caddy.url]) await load(url, { duration: 2 }); // warm up
const rates: { readonly node: number[]; readonly caddy: number[] } = { node: [], caddy: [] };
for (let round = 0; round < rounds; round += 1) {
  rates.node.push((await load(node.url, { duration: seconds })).requests.average);
  rates.caddy.push((await load(caddy.url, { duration: seconds })).requests.average);
}
const [nodeRate, caddyRate] = [median(rates.node), median(rates.caddy)];
const steady = {
  node: await load(node.url, { duration: steadySeconds, overallRate: steadyRate, connections: 10 }),
  caddy: await load(caddy.url, { duration: steadySeconds, overallRate: steadyRate, connections: 10 }),
};
const memory: number[] = [];
for (let sample = 0; sample < memorySamples; sample += 1) {
  await load(node.url, { amount: memoryRequests / memorySamples });
  memory.push(await residentMegabytes(node.pid));
}

const firstHalf = Math.max(...memory.slice(0, memorySamples / 2));
const secondHalf = Math.max(...memory.slice(memorySamples / 2));
const rows = [
  ['requests/s, one core', nodeRate.toFixed(0), caddyRate.toFixed(0)],
  [`p99 at ${steadyRate} requests/s (ms)`, p99(steady.node), p99(steady.caddy)],
];
const [busy = 0] = loadavg();
process.stdout.write(
  `load ${busy.toFixed(1)} on ${cpus().length} cores: above that, others are measured too\n`,
);
process.stdout.write(`${'what'.padEnd(34)}${'node'.padStart(10)}${'caddy'.padStart(10)}\n`);
for (const [what = '', ours = '', theirs = ''] of rows) {
  process.stdout.write(`${what.padEnd(34)}${ours.padStart(10)}${theirs.padStart(10)}\n`);
}
process.stdout.write(`node memory over ${memoryRequests} requests (MB): ${memory.map(String).join(' ')}\n`);

const verdicts = [
  [`at least ${targets.ratio} of Caddy’s rate`, nodeRate / caddyRate, nodeRate / caddyRate >= targets.ratio],
  [`p99 below ${targets.p99} ms`, steady.node.latency.p99, steady.node.latency.p99 < targets.p99],
  ['memory flat', secondHalf / firstHalf, secondHalf / firstHalf <= targets.growth],
] as const;
for (const [target, value, isMet] of verdicts) {
  process.stdout.write(`${isMet ? 'met   ' : 'MISSED'} ${target}: ${value.toFixed(2)}\n`);
  if (!isMet) process.exitCode = 1;
}

/** The server users start, as they start it. */
async function startNode(): Promise<StartedProgram & { readonly url: string }> {
  const port = await freePort();
  const main = join(import.meta.dirname, '../../cli/src/main.ts');
  const argv = [...pin, process.execPath, main, 'serve', '--port', `${port}`, '--repo', config.repo];
  const url = `http://127.0.0.1:${port}/`;
  return { ...(await startProgram(argv, { PATH: path, HOME: folder }, `${url}healthz`)), url };
}

async function load(url: string, options: Omit<Options, 'url'>): Promise<Result> {
  const result = await autocannon({
    url,
    connections,
    requests: paths.map((target) => ({ method: 'GET', path: target })),
    ...options,
  });
  if (result.errors + result.timeouts + result['5xx'] > 0) {
    throw new Error(`${url}: ${result.errors} errors, ${result.timeouts} timeouts, ${result['5xx']} of 5xx`);
  }
  return result;
}

function p99({ latency }: Result): string {
  return latency.p99.toFixed(1);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
}
