import { archives } from './archives.ts';
import { manifests, recipes, transfers, upstreamAnswers } from './documents.ts';
import { images } from './images.ts';
import { redirects } from './redirects.ts';
import type { FuzzTarget } from './target.ts';
import { versions } from './versions.ts';

export const targets: readonly FuzzTarget[] = [
  archives,
  recipes,
  manifests,
  transfers,
  versions,
  images,
  upstreamAnswers,
  redirects,
];
