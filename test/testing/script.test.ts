import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { InternalServerError } from '../../src/errors.js';
import { createEmulator, type EmulatorRequest, reply } from '../../src/testing/index.js';
import { ask, HEADERS, MESSAGES, PARAMS, rejection } from './ask.js';

const textOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { content: { text: string }[] }).content[0]?.text;

describe('replies in a list', () => {
  it('are taken in turn', async () => {
    const emulator = createEmulator({ replies: [reply.text('one'), reply.text('two')] });
    expect(await textOf(await ask(emulator, { stream: false }))).toBe('one');
    expect(await textOf(await ask(emulator, { stream: false }))).toBe('two');
  });

  it('that are used up are reported, without a retry', async () => {
    const emulator = createEmulator({ replies: [reply.text('one'), reply.text('two')] });
    const client = new Anthropic({ fetch: emulator.fetch, apiKey: 'test' });
    await client.messages.create(PARAMS);
    await client.messages.stream(PARAMS).untilDone();
    const thrown = (await rejection(
      client.messages.stream(PARAMS).untilDone(),
    )) as InternalServerError;
    expect(thrown).toBeInstanceOf(InternalServerError);
    expect([thrown.status, thrown.type]).toEqual([500, 'api_error']);
    expect(thrown.reason).toContain('there is no reply 3: the list has 2');
    expect(emulator.requests).toHaveLength(3);
  });
});

describe('a reply function', () => {
  it('gets the request that is in `requests`', async () => {
    const received: EmulatorRequest[] = [];
    const emulator = createEmulator({
      replies: (request) => {
        received.push(request);
        return reply.text(`You said: ${request.body.messages[0]?.content}`);
      },
    });
    const client = new Anthropic({
      fetch: emulator.fetch,
      apiKey: 'test',
      defaultHeaders: { 'X-Extra': 'Yes' },
    });
    const message = await client.messages.create(PARAMS);
    expect(message.content).toEqual([{ type: 'text', text: 'You said: Hello' }]);
    expect(emulator.requests).toEqual(received);
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: '/v1/messages',
        headers: expect.objectContaining({ authorization: 'Bearer test', 'x-extra': 'Yes' }),
        body: PARAMS,
      },
    ]);
  });

  it('can be async, and answers each request separately', async () => {
    const emulator = createEmulator({
      replies: async ({ body }) => reply.text(`for ${body.model}`),
    });
    const answers = await Promise.all(
      ['a', 'b', 'c'].map(async (model) => textOf(await ask(emulator, { model, stream: false }))),
    );
    expect(answers).toEqual(['for a', 'for b', 'for c']);
  });

  const BROKEN: [name: string, replies: () => unknown, message: RegExp][] = [
    [
      'throws',
      () => {
        throw new Error('no such luck');
      },
      /the reply function threw: Error: no such luck/,
    ],
    ['rejects', () => Promise.reject(new Error('no such luck')), /threw: Error: no such luck/],
    ['returns nothing', () => undefined, /returned undefined: return reply\.text/],
    ['returns text', () => 'Hello', /returned Hello: return reply\.text/],
  ];

  it.each(BROKEN)('that %s is reported, not retried', async (_name, replies, message) => {
    const emulator = createEmulator({ replies: replies as never });
    const client = new Anthropic({ fetch: emulator.fetch, apiKey: 'test' });
    const thrown = (await rejection(client.messages.create(PARAMS))) as InternalServerError;
    expect(thrown).toBeInstanceOf(InternalServerError);
    expect(thrown.reason).toMatch(message);
    expect(emulator.requests).toHaveLength(1);
  });
});

describe('emulator.fetch', () => {
  const body = JSON.stringify(PARAMS);
  const INPUTS: [name: string, input: string | URL | Request, init?: RequestInit][] = [
    ['an address and init', MESSAGES, { method: 'POST', headers: HEADERS, body }],
    ['a URL and init', new URL(MESSAGES), { method: 'POST', headers: new Headers(HEADERS), body }],
    ['a Request', new Request(MESSAGES, { method: 'POST', headers: HEADERS, body })],
    [
      'a Request and init',
      new Request(MESSAGES, { method: 'POST', body: '' }),
      { headers: HEADERS, body },
    ],
  ];

  it.each(INPUTS)('takes %s', async (_name, input, init) => {
    const { fetch, requests } = createEmulator({ replies: [reply.text('Hello')] });
    expect(await textOf(await fetch(input, init))).toBe('Hello');
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/v1/messages', body: PARAMS });
  });

  it('rejects what a platform would reject', async () => {
    const { fetch } = createEmulator({ replies: [] });
    expect(await rejection(fetch('no address'))).toBeInstanceOf(TypeError);
    expect(await rejection(fetch(MESSAGES, { body: 'x' }))).toBeInstanceOf(TypeError);
  });

  it('keeps the text of a body that is not JSON', async () => {
    const { fetch, requests } = createEmulator({ replies: [] });
    await fetch(MESSAGES, { method: 'POST', headers: HEADERS, body: 'not JSON' });
    expect(requests[0]?.body).toBe('not JSON');
  });
});
