import { describe } from 'vitest';
import * as api from '../../src/index.js';
import { runChangesSuite } from './run-changes-suite.js';
import { WORLDS } from './support.js';

describe.each(WORLDS)('a runner %s', (_, open) => {
  runChangesSuite(api, open);
});
