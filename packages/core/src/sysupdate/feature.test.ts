import { expect, it } from '@jest/globals';
import { featureFile } from './feature.ts';

it('is a switch that is off, told in one line', () => {
  const feature = {
    name: 'k3s',
    description: '100% Kubernetes\n[Feature] \\',
    documentation: 'https://k3s.io/%20',
  };
  expect(featureFile(feature)).toEqual({
    name: 'k3s.feature',
    text: '[Feature]\nDescription=100%% Kubernetes [Feature]\nDocumentation=https://k3s.io/%%20\nEnabled=false\n',
  });
  expect(featureFile({ name: 'k3s', description: 'k3s' }).text).not.toContain('Documentation');
});
