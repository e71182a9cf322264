import { describe } from 'vitest';
import type { Anthropic } from '../../src/index.js';
import { plainSuite } from '../resources/plain-suite.js';
import { sync } from './built.js';
import { emulate, received } from './runner-world.js';
import { LIMITED } from './support.js';

describe('a blocking client', () => {
  plainSuite(async (setting) => {
    const baseURL = await emulate(setting);
    const client = new sync.SyncAnthropic({ ...LIMITED, baseURL });
    return {
      client: client as unknown as Anthropic,
      requests: async () =>
        (await received(baseURL)).map(({ method, path }) => `${method} ${path}`),
      [Symbol.asyncDispose]: async () => client[Symbol.dispose](),
    };
  });
});
