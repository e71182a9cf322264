import { describe, expect, it } from 'vitest';
import { Anthropic, type ClientOptions } from '../../src/index.js';
import { createEmulator, serve } from '../../src/testing/index.js';
import { failure } from '../stream/support.js';
import {
  type PlainSetting,
  type PlainWorld,
  plainSuite,
  toEmulatorOptions,
} from './plain-suite.js';

const FAST: ClientOptions = { apiKey: 'test' };

async function world(setting: PlainSetting, overHttp: boolean): Promise<PlainWorld> {
  const emulator = createEmulator(toEmulatorOptions(setting));
  const server = overHttp ? await serve(emulator) : undefined;
  const where = server ? { baseURL: server.url } : { fetch: emulator.fetch };
  return {
    client: new Anthropic({ ...FAST, ...where, clock: HASTY }),
    requests: async () => emulator.requests.map(({ method, path }) => `${method} ${path}`),
    [Symbol.asyncDispose]: async () => server?.close(),
  };
}

/** No pause between tries takes time. */
const HASTY = {
  now: () => performance.now(),
  setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms < 10_000 ? 0 : ms),
  clearTimeout: (timer: unknown) => clearTimeout(timer as number),
};

describe.each([
  ['in this process', false],
  ['over HTTP', true],
])('a client %s', (_, overHttp) => {
  plainSuite((setting) => world(setting, overHttp));
});

/** A client whose requests get these bodies, in turn, with status 200. */
function answered(...bodies: (object | string)[]): { client: Anthropic; seen: string[] } {
  const seen: string[] = [];
  const fetch = async (url: unknown): Promise<Response> => {
    const body = bodies[Math.min(seen.push(String(url)), bodies.length) - 1];
    return new Response(typeof body === 'string' ? body : JSON.stringify(body));
  };
  return { client: new Anthropic({ apiKey: 'test', maxRetries: 1, fetch, clock: HASTY }), seen };
}

const ENDED = {
  type: 'message_batch',
  id: 'msgbatch_1',
  processing_status: 'ended',
  request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
};

const line = (custom_id: string): string =>
  `${JSON.stringify({ custom_id, result: { type: 'expired' } })}\n`;

async function idsOf(client: Anthropic): Promise<string[]> {
  const ids: string[] = [];
  for await (const { custom_id } of await client.messages.batches.results('msgbatch_1')) {
    ids.push(custom_id);
  }
  return ids;
}

describe('what other servers send', () => {
  it('is a list that does not go on', async () => {
    const page = { data: [{ id: 'a' }], has_more: true, first_id: 'a', last_id: 'a' };
    const { client, seen } = answered(page);
    const read = async (): Promise<void> => {
      for await (const _ of client.models.list());
    };
    expect(await failure(read())).toMatchObject({
      message: expect.stringMatching(/the list does not go on: the page after a ends with it, too/),
    });
    expect(seen).toHaveLength(2);
  });

  it.each<[what: string, body: object | string, call: (client: Anthropic) => Promise<unknown>]>([
    ['no model', { type: 'model' }, (client) => client.models.retrieve('a')],
    ['no page', { data: 'x' }, (client) => client.models.list()],
    ['no page, but a list', [], (client) => client.messages.batches.list()],
    ['no JSON', '<html>', (client) => client.messages.batches.retrieve('a')],
  ])('is %s', async (_, body, call) => {
    const { client } = answered(body);
    expect(await failure(call(client))).toMatchObject({ name: 'StreamProtocolError' });
  });

  it.each<[what: string, body: string, error: object]>([
    ['are no JSON', `${line('a')}<html>\n`, { name: 'StreamProtocolError' }],
    ['are none', `${line('a')}{"type":"ping"}\n`, { name: 'StreamProtocolError' }],
    [
      'are an error',
      `${line('a')}{"type":"error","error":{"type":"invalid_request_error","message":"no"}}\n`,
      { name: 'BadRequestError' },
    ],
  ])('is results of which some %s', async (_, body, error) => {
    const { client, seen } = answered(ENDED, body);
    expect(await failure(idsOf(client))).toMatchObject(error);
    expect(seen).toHaveLength(2);
  });

  it('is results in another order, with repeats, CRLF and no last line break', async () => {
    const { client } = answered(ENDED, line('a'), `\r\n${line('b')}${line('a')}`.trimEnd());
    expect(await idsOf(client)).toEqual(['a', 'b']);
  });

  it('is a batch that does not say how much there is', async () => {
    const { client } = answered({ id: 'msgbatch_1' }, line('a'));
    expect(await idsOf(client)).toEqual(['a']);
  });

  it('is a batch whose results are gone', async () => {
    const { client } = answered({ ...ENDED, archived_at: '2026-11-01T00:00:00Z' });
    expect(await failure(idsOf(client))).toMatchObject({
      message: 'the results of msgbatch_1 are gone: the batch was archived at 2026-11-01T00:00:00Z',
    });
  });
});

it('results count as one request for signals, and observers see what is repeated', async () => {
  const seen: string[] = [];
  const fetch = async (): Promise<Response> => new Response(bodies.shift());
  const bodies = [JSON.stringify(ENDED), line('a'), line('a') + line('b')];
  const client = new Anthropic({
    apiKey: 'test',
    fetch,
    clock: HASTY,
    observe: (observation) => void seen.push(observation.type),
  });
  expect(await idsOf(client)).toEqual(['a', 'b']);
  expect(seen.filter((type) => type === 'request' || type === 'retry')).toEqual([
    'request',
    'request',
    'retry',
    'request',
  ]);
});

it('a signal ends results, before and while they are read', async () => {
  for (const isEarly of [true, false]) {
    const abort = new AbortController();
    const { client } = answered(ENDED, line('a') + line('b'));
    if (isEarly) abort.abort('early');
    const read = async (): Promise<void> => {
      const { batches } = client.messages;
      for await (const _ of await batches.results('a', { signal: abort.signal }))
        abort.abort('late');
    };
    expect(await failure(read())).toMatchObject({
      name: 'APIUserAbortError',
      cause: isEarly ? 'early' : 'late',
    });
  }
});
