import { SEMCONV_1_45 } from './names-1.45.js';
import { LATEST } from './names-latest.js';
import type { Names } from './names-table.js';

/** By the values of `conventions`. */
export const NAMES: Readonly<Record<'1.45' | 'latest', Names>> = {
  '1.45': SEMCONV_1_45,
  latest: LATEST,
};
