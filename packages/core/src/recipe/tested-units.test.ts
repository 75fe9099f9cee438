import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadRecipeBook } from './recipe-book.ts';

const folder = join(import.meta.dirname, '../../../../recipes');
const book = await loadRecipeBook([folder]);
const recipes = await Promise.all(book.names.map((name) => book.find(name)));
const withUnits = recipes
  .filter(({ recipe }) => recipe.units.length > 0)
  .map(({ recipe }) => [recipe.name, recipe] as const);

// What a bare host cannot start, and why; all others must become active.
const onlyLoaded = new Map([
  ['cilium.service', 'installs into a cluster'],
  ['coder.service', 'wants a database'],
  ['coder-workspace-proxy.service', 'wants a server of Coder'],
  ['falco-modern-bpf.service', 'wants a kernel that takes its BPF program'],
  ['falcoctl-artifact-follow.service', 'belongs to falco-modern-bpf.service'],
  ['k3s-agent.service', 'wants a server'],
  ['k3s.service', 'starts a whole cluster'],
  ['kubelet.service', 'wants what kubeadm writes, and a container runtime'],
  ['nvidia-cdi-refresh.path', 'wants the driver of a GPU'],
  ['nvidia-cdi-refresh.service', 'wants a GPU'],
  ['rke2-agent.service', 'wants a server'],
  ['rke2-server.service', 'fetches images'],
  ['scx.service', 'wants a kernel with sched_ext'],
]);

it.each(withUnits)('%s says under test what its units come to on a host', (_, { units, test }) => {
  const tested = new Set(test.map(({ unit }) => unit));
  const wanted = units.map(({ name }) => name);
  expect(wanted.filter((name) => !tested.has(name))).toEqual([]);
});

it('has units only load where a host lacks what they need', () => {
  const found = withUnits.flatMap(([, { test }]) =>
    test.flatMap(({ unit, state }) => (unit !== undefined && state === 'loaded' ? [unit] : [])),
  );
  expect(found.toSorted()).toEqual([...onlyLoaded.keys()].toSorted());
});
