import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import type { RawServer } from '../support/raw-server.js';
import { CASES } from './cases.js';
import { ways } from './run.js';
import { contractServer } from './server.js';

let server: RawServer;
beforeAll(async () => {
  server = await contractServer(CASES);
});
afterAll(() => server[Symbol.asyncDispose]());

const transports: Readonly<Record<string, ClientOptions>> = {
  'node:http': {},
  fetch: { fetch: (url, init) => fetch(url, init) },
};

describe.each(Object.entries(transports))('contract over %s', (transport, options) => {
  describe.each(Object.entries(ways))('%s', (way, run) => {
    it.each([...CASES.entries()].map(([n, test]) => ({ ...test, n, test })))(
      '$name',
      async ({ n, test }) => {
        const baseURL = `${server.url}/${n}/${way}-${transport.replace(':', '-')}`;
        const client = new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, ...options });
        const ask = (question: string): Promise<string> =>
          fetch(`${baseURL}/${question}`).then((answer) => answer.text());
        expect(await run(test, { client, ask })).toEqual([]);
      },
    );
  });
});
