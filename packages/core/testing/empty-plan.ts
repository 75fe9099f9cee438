import type { ImagePlan } from '../src/recipe/image-plan.ts';

/** What stages an image with nothing in it. */
export const emptyPlan: ImagePlan = {
  name: 'tool',
  version: '1.0',
  arch: 'x86-64',
  options: {},
  downloads: [],
  trees: [],
  builds: [],
  folders: [],
  texts: [],
  edits: [],
  links: [],
  requires: [],
  smoke: [],
  tests: [],
  os: { id: '_any' },
};
