import { afterAll, describe, expect, it } from 'vitest';
import type { StreamTruncatedError, WithResponse } from '../../src/index.js';
import { millrace } from './built.js';
import { PARAMS, type Setting, setting, thrownBy } from './support.js';

const LONG = { ...PARAMS, max_tokens: 50_000 };
const RAW = { ...PARAMS, stream: true } as const;

const used: Setting[] = [];
afterAll(() => {
  for (const each of used) each[Symbol.dispose]();
});

function open(scenario: string): Setting {
  const made = setting(scenario);
  used.push(made);
  return made;
}

describe('create', () => {
  it('gives a message', async () => {
    const { client, ask } = open('message');
    expect(client.messages.create(PARAMS)).toMatchObject({
      id: 'msg_1',
      content: [{ type: 'text', text: 'Hello' }],
    });
    expect(JSON.parse(await ask('requests'))).toEqual([PARAMS]);
  });

  it('streams a long one under the hood', async () => {
    const { client, ask } = open('cutTool');
    const { content } = client.messages.create({ ...PARAMS, max_tokens: 50_000 });
    expect(millrace.toolInput(content[0] as { input: unknown }).status).toBe('cut');
    expect(JSON.parse(await ask('requests'))).toMatchObject([{ stream: true }]);
  });

  it('has what was received in the error of an event stream that is cut', () => {
    const { messages } = open('cut').client.withOptions({ maxRetries: 0 });
    const error = thrownBy(() => messages.create(PARAMS));
    const { partialMessage, message } = error as StreamTruncatedError;
    expect(partialMessage).toMatchObject({ content: [{ text: 'Once upon a time' }] });
    expect(message).toContain('after 16 characters in 1 block');
  });

  it('counts tokens', () => {
    expect(open('tokens').client.messages.countTokens(PARAMS)).toEqual({ input_tokens: 8 });
  });

  it.each<[name: string, scenario: string, ask: (setting: Setting) => WithResponse<object>]>([
    ['create', 'message', ({ client }) => client.messages.withResponse.create(PARAMS)],
    ['beta', 'message', ({ client }) => client.beta.messages.withResponse.create(PARAMS)],
    ['a long create', 'limited', ({ client }) => client.messages.withResponse.create(LONG)],
    ['raw events', 'limited', ({ client }) => client.messages.withResponse.create(RAW)],
    ['countTokens', 'tokens', ({ client }) => client.messages.withResponse.countTokens(PARAMS)],
  ])('gives %s with its response', async (_, scenario, ask) => {
    const made = open(scenario);
    const { data, response, requestId, rateLimit } = ask(made);
    expect([response.status, requestId]).toEqual([200, 'req_test']);
    const requests = { limit: 50, remaining: 49, reset: undefined };
    expect(rateLimit?.requests).toEqual(scenario === 'limited' ? requests : undefined);
    if (Symbol.iterator in data)
      expect([...(data as Iterable<unknown>)].at(-1)).toEqual({ type: 'message_stop' });
    else expect(data).toMatchObject(scenario === 'tokens' ? { input_tokens: 8 } : { id: 'msg_1' });
    expect(JSON.parse(await made.ask('requests'))).toHaveLength(1);
  });

  it('does not take options of streams, as the awaiting client', () => {
    const { messages } = open('message').client;
    const options = { recover: true } as object;
    for (const send of [messages.create, messages.countTokens, messages.withResponse.create]) {
      expect(() => send(PARAMS, options)).toThrow(/^unknown option 'recover'/);
    }
  });

  it('sends betas, headers and credentials as the async client does', () => {
    const { client } = open('echo');
    const stream = client.beta.messages.stream(
      { ...PARAMS, betas: ['one', 'two'] },
      { extraHeaders: { 'x-mine': 'yes' } },
    );
    expect(JSON.parse(stream.getFinalText())).toMatchObject({
      headers: {
        authorization: 'Bearer key',
        'anthropic-beta': 'one,two',
        'x-mine': 'yes',
        'user-agent': expect.stringMatching(/^millrace\//),
      },
      body: { ...PARAMS, stream: true },
    });
  });
});

describe('raw events', () => {
  it('come with status and request id, pings too', () => {
    const { client } = open('rich');
    const stream = client.messages.create({ ...PARAMS, stream: true });
    expect([stream.response.status, stream.requestId]).toEqual([200, 'req_test']);
    const types = [...stream].map(({ type }) => type);
    expect(types).toHaveLength(19);
    expect(types).toContain('ping');
    expect(types.at(-1)).toBe('message_stop');
  });

  it('are for one reader', () => {
    const stream = open('rich').client.messages.create({ ...PARAMS, stream: true });
    stream[Symbol.iterator]();
    expect(() => [...stream]).toThrow('has a reader already: call tee()');
    expect(() => stream.tee()).toThrow(millrace.AnthropicError);
  });

  it('are for two after tee(), each at its pace', () => {
    const { client } = open('rich');
    const [one, two] = client.messages.create({ ...PARAMS, stream: true }).tee();
    const ahead = [...one];
    expect([...two]).toEqual(ahead);
    expect(two.requestId).toBe('req_test');
  });

  const LEAVING: [name: string, leave: (setting: Setting) => void][] = [
    [
      'break',
      ({ client }) => {
        for (const _ of client.messages.create({ ...PARAMS, stream: true })) break;
      },
    ],
    ['close()', ({ client }) => client.messages.create({ ...PARAMS, stream: true }).close()],
    [
      'using',
      ({ client }) => {
        using stream = client.messages.create({ ...PARAMS, stream: true });
        stream.requestId;
      },
    ],
    [
      'both branches',
      ({ client }) => {
        for (const branch of client.messages.create({ ...PARAMS, stream: true }).tee()) {
          for (const _ of branch) break;
        }
      },
    ],
  ];

  it.each(LEAVING)('%s frees the request', async (_name, leave) => {
    const made = open('endless');
    leave(made);
    expect(await made.ask('left')).toBe('yes');
  });

  it('end with an error for a reader that goes on after close()', () => {
    const stream = open('endless').client.messages.create({ ...PARAMS, stream: true });
    const reader = stream[Symbol.iterator]();
    reader.next();
    stream.close();
    expect(thrownBy(() => reader.next())).toMatchObject({
      name: 'APIUserAbortError',
      requestId: 'req_test',
    });
    expect(reader.next()).toEqual({ done: true, value: undefined });
  });
});

describe('extraHeaders, extraQuery and extraBody', () => {
  const extras = {
    extraHeaders: { 'x-mine': 'yes' },
    extraQuery: { page: 2 },
    extraBody: { brand_new: 1, temperature: 0.5 },
  };

  it('are sent as the async client does', () => {
    using made = setting('echo', { defaultQuery: { page: 1, team: 'a' } });
    const text = made.client.messages.stream({ ...PARAMS, temperature: 1 }, extras).getFinalText();
    expect(JSON.parse(text)).toMatchObject({
      path: expect.stringMatching(/\/v1\/messages\?page=2&team=a$/),
      headers: { 'x-mine': 'yes' },
      body: { ...PARAMS, temperature: 0.5, brand_new: 1, stream: true },
    });
  });

  it('decide whether a long message is streamed under the hood', async () => {
    const { client, ask } = open('hello');
    client.messages.create(PARAMS, { extraBody: { max_tokens: 50_000 } });
    expect(JSON.parse(await ask('requests'))).toMatchObject([{ stream: true, max_tokens: 50_000 }]);
  });

  it('go with recovery too', async () => {
    const { client, ask } = open('cut');
    const stream = client.messages.stream(PARAMS, { ...extras, recover: true });
    expect(stream.getFinalText()).toBe('Once upon a time there was.');
    const { extraBody } = extras;
    expect(JSON.parse(await ask('requests'))).toMatchObject([extraBody, extraBody]);
  });

  it('an option among the params says where it belongs', () => {
    const { messages } = open('hello').client;
    const params = { ...PARAMS, timeout: 5 } as typeof PARAMS;
    expect(() => messages.stream(params)).toThrow(
      'timeout is an option, not a param: write messages.stream(params, { timeout })',
    );
    expect(() => messages.create(params)).toThrow('write messages.create(params, { timeout })');
    expect(() => messages.countTokens(params)).toThrow('write messages.countTokens(params,');
  });
});
