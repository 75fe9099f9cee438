import { expect, it } from '@jest/globals';
import { versionsByName } from './versions-by-name.ts';

it('gives each extension its versions, and leaves out what is no version', () => {
  const tags = ['SHA256SUMS', 'docker', 'docker-24.0.7', 'docker-compose-2.24.5', 'docker-24.0.8', 'latest'];
  expect([...versionsByName(tags, ['docker', 'docker-compose'])]).toEqual([
    ['docker', ['24.0.7', '24.0.8']],
    ['docker-compose', ['2.24.5']],
  ]);
});
