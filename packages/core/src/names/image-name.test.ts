import { describe, expect, it } from '@jest/globals';
import { parseHostImageName } from './image-name.ts';

describe('parseHostImageName', () => {
  it.each([
    ['docker.raw', 'docker', { name: 'docker' }],
    ['docker-24.0.7-x86-64.raw', 'docker', { name: 'docker', version: '24.0.7', arch: 'x86-64' }],
    [
      'docker-compose-2.24.5-arm64.raw',
      'docker-compose',
      { name: 'docker-compose', version: '2.24.5', arch: 'arm64' },
    ],
    ['k3s-v1.30.1+k3s1-arm64.raw', 'k3s', { name: 'k3s', version: 'v1.30.1+k3s1', arch: 'arm64' }],
    ['k3s-v1.30.1.raw', 'k3s', { name: 'k3s', version: 'v1.30.1' }],
    ['docker-compose-2.24.5-arm64.raw', 'docker', undefined],
    ['docker-24.0.7-x86-64.img', 'docker', undefined],
    ['docker-x86-64.raw', 'docker', undefined],
    ['podman.raw', 'docker', undefined],
  ])('reads %s as an image of %s', (file, name, expected) => {
    expect(parseHostImageName(file, name)).toEqual(expected);
  });
});
