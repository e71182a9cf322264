import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { CERTIFICATE } from '../support/certificate.js';
import type { Protocol, RawServer } from '../support/raw-server.js';
import { CASES } from './cases.js';
import { ways } from './run.js';
import { contractServer } from './server.js';

const tls = { ca: CERTIFICATE.cert };

const transports: Readonly<Record<string, [protocol: Protocol, options: ClientOptions]>> = {
  'node:http': ['http', {}],
  'node:https': ['https', { tls }],
  'node:http2': ['h2', { tls }],
  fetch: ['http', { fetch: (url, init) => fetch(url, init) }],
};

describe.each(Object.entries(transports))('contract over %s', (transport, [protocol, options]) => {
  let server: RawServer;
  beforeAll(async () => {
    server = await contractServer(CASES, protocol);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** A question about an exchange, past the client. `fetch` can't be told of a certificate. */
  const ask = (url: string): Promise<string> => {
    if (protocol === 'http') return fetch(url).then((answer) => answer.text());
    return new Promise((resolve, reject) => {
      const options = { ...tls, agent: false } as const;
      get(url, options, (answer) => resolve(text(answer))).on('error', reject);
    });
  };

  describe.each(Object.entries(ways))('%s', (way, run) => {
    it.each([...CASES.entries()].map(([n, test]) => ({ ...test, n, test })))(
      '$name',
      async ({ n, test }) => {
        const baseURL = `${server.url}/${n}/${way}-${transport.replace(':', '-')}`;
        const client = new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, ...options });
        const asked = (question: string): Promise<string> => ask(`${baseURL}/${question}`);
        expect(await run(test, { client, ask: asked })).toEqual([]);
      },
    );
  });

  it('speaks the protocol that it is about', () => {
    const versions = new Set(server.exchanges.map(({ httpVersion }) => httpVersion));
    expect(versions.has('2.0')).toBe(protocol === 'h2');
  });
});
