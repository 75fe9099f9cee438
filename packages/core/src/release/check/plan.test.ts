import { describe, expect, it } from '@jest/globals';
import { planBuilds, type Wanted } from './plan.ts';

function want(name: string, version: string, why: Wanted['why'] = 'latest'): Wanted {
  return { name, version, why };
}

describe('planBuilds', () => {
  it('builds what has no release and nothing else', () => {
    const plan = planBuilds(
      [want('k3s', 'v1.34.1+k3s1'), want('bun', '1.4.5')],
      new Set(['bun-1.4.5', 'bun']),
    );
    expect(plan.build).toEqual([want('k3s', 'v1.34.1+k3s1')]);
    expect(plan.published).toEqual([want('bun', '1.4.5')]);
  });

  it('builds a version once when it is pinned and latest', () => {
    const plan = planBuilds([want('bun', '1.4.5', 'pinned'), want('bun', '1.4.5')], new Set());
    expect(plan.build).toEqual([want('bun', '1.4.5', 'pinned')]);
  });

  it('is not fooled by an extension whose name starts like another', () => {
    const plan = planBuilds([want('docker', '28.0.4')], new Set(['docker-compose-28.0.4', 'docker-28.0.40']));
    expect(plan.build).toHaveLength(1);
  });

  it('defers what goes over the cap, in order', () => {
    const wanted = ['3', '2', '1'].map((version) => want('a', version));
    const plan = planBuilds(wanted, new Set(['a-3']), 1);
    expect(plan.build).toEqual([want('a', '2')]);
    expect(plan.deferred).toEqual([want('a', '1')]);
  });

  it('builds the newest of each extension first, published ones counted', () => {
    const wanted = [
      want('a', '1.9', 'pinned'),
      want('a', '1.10'),
      want('b', '3'),
      want('c', 'v1', 'pinned'),
      want('c', 'v2'),
    ];
    const plan = planBuilds(wanted, new Set(['c-v2']));
    expect(plan.build.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'a 1.10',
      'b 3',
      'a 1.9',
      'c v1',
    ]);
  });
});
