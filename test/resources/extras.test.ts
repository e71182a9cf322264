import { describe, expect, it } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { tool } from '../../src/tools/tool.js';
import {
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  sse,
  textMessage,
  toolBlock,
} from '../contract/wire.js';
import { clientOf, failure, PARAMS } from '../stream/support.js';
import { rawServer, type Script } from '../support/raw-server.js';

/*
 * `extraHeaders`, `extraQuery` and `extraBody`: they reach every request that a call sends.
 */

const EXTRAS = {
  extraHeaders: { 'x-trace': 'on', 'anthropic-version': '2030-01-01' },
  extraQuery: { beta: true, page: 2 },
  extraBody: { brand_new: { depth: 1 }, temperature: 0.5, top_k: undefined },
};
const GIVEN = { ...PARAMS, temperature: 1, top_k: 5 };
const SENT = { ...PARAMS, temperature: 0.5, top_k: 5, brand_new: { depth: 1 } };

const json = (body: object): Script => ({
  headers: { 'content-type': 'application/json' },
  body: [JSON.stringify(body)],
});
const TEXT: Script = { body: [sse(...textMessage('Hello'))] };
const OVERLOADED: Script = {
  headers: { 'retry-after-ms': '1' },
  body: [sse(errorEvent('overloaded_error'))],
};
const CUT: Script = { body: [sse(...textMessage('Hello', ' there').slice(0, 3))] };
const CALL: Script = {
  body: [
    sse(
      messageStart(),
      ...toolBlock(0, '{}'),
      messageDelta({ stop_reason: 'tool_use' }),
      MESSAGE_STOP,
    ),
  ],
};
const look = tool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object' },
  run: () => 'seen',
});

type Client = ReturnType<typeof clientOf>;
interface Call {
  scripts: Script[];
  call: (client: Client) => Promise<unknown>;
  /** What the body has besides SENT. */
  body?: object;
  path?: string;
}

const CALLS: Readonly<Record<string, Call>> = {
  create: {
    scripts: [json({ type: 'message', stop_reason: 'end_turn' })],
    call: ({ messages }) => messages.create(GIVEN, EXTRAS),
  },
  'create({ stream: true })': {
    scripts: [TEXT],
    call: async ({ messages }) =>
      (await messages.create({ ...GIVEN, stream: true }, EXTRAS)).close(),
    body: { stream: true },
  },
  'create of a long message': {
    scripts: [TEXT],
    call: ({ messages }) => messages.create({ ...GIVEN, max_tokens: 64_000 }, EXTRAS),
    body: { max_tokens: 64_000, stream: true },
  },
  'create of a message that extraBody makes long': {
    scripts: [TEXT],
    call: ({ messages }) =>
      messages.create(GIVEN, {
        ...EXTRAS,
        extraBody: { ...EXTRAS.extraBody, max_tokens: 64_000 },
      }),
    body: { max_tokens: 64_000, stream: true },
  },
  stream: {
    scripts: [TEXT],
    call: ({ messages }) => messages.stream(GIVEN, EXTRAS).untilDone(),
    body: { stream: true },
  },
  'a retry': {
    scripts: [OVERLOADED, TEXT],
    call: ({ messages }) => messages.stream(GIVEN, { ...EXTRAS, maxRetries: 1 }).untilDone(),
    body: { stream: true },
  },
  recovery: {
    scripts: [CUT, TEXT],
    call: ({ messages }) => messages.stream(GIVEN, { ...EXTRAS, recover: true }).untilDone(),
    body: { stream: true, messages: expect.any(Array) },
  },
  'a run': {
    scripts: [CALL, TEXT],
    call: ({ messages }) =>
      messages.toolRunner({ ...GIVEN, tools: [look] }, EXTRAS).getFinalMessage(),
    body: { stream: true, messages: expect.any(Array), tools: expect.any(Array) },
  },
  countTokens: {
    scripts: [json({ input_tokens: 1 })],
    call: ({ messages }) => messages.countTokens(GIVEN as never, EXTRAS),
    path: '/v1/messages/count_tokens',
  },
  'beta.messages': {
    scripts: [TEXT],
    call: ({ beta }) => beta.messages.stream({ ...GIVEN, betas: ['a'] }, EXTRAS).untilDone(),
    body: { stream: true },
  },
};

describe.each(Object.entries(CALLS))('%s', (_, { scripts, call, body, path = '/v1/messages' }) => {
  it('sends the extras with every request', async () => {
    await using server = await rawServer((_, n) => scripts[n] as Script);
    await call(clientOf(server, { defaultQuery: { page: 1, team: 'a' } }));
    expect(server.exchanges).toHaveLength(scripts.length);
    for (const exchange of server.exchanges) {
      expect(exchange.headers).toMatchObject(EXTRAS.extraHeaders);
      expect(exchange.path).toBe(`${path}?page=2&team=a&beta=true`);
      expect(JSON.parse(exchange.body)).toEqual({ ...SENT, ...body });
    }
  });
});

it('extraBody is read when the call is made', async () => {
  await using server = await rawServer(TEXT);
  const extraBody: Record<string, unknown> = { brand_new: 1 };
  const stream = clientOf(server).messages.stream(PARAMS, { extraBody });
  extraBody.brand_new = 2;
  await stream.untilDone();
  expect(JSON.parse((await server.exchange()).body)).toMatchObject({ brand_new: 1 });
});

it('extraBody may have a field with the name of an option', async () => {
  await using server = await rawServer(TEXT);
  await clientOf(server)
    .messages.stream(PARAMS, { extraBody: { timeout: 5 } })
    .untilDone();
  expect(JSON.parse((await server.exchange()).body)).toMatchObject({ timeout: 5 });
});

it('extraHeaders override the headers of params', async () => {
  await using server = await rawServer(TEXT);
  const extraHeaders = { 'Anthropic-Beta': 'mine' };
  await clientOf(server)
    .beta.messages.stream({ ...PARAMS, betas: ['a', 'b'] }, { extraHeaders })
    .untilDone();
  expect((await server.exchange()).headers).toMatchObject({ 'anthropic-beta': 'mine' });
});

describe('an option among the params is refused, by where it belongs', () => {
  const client = clientOf({ url: 'http://127.0.0.1:9' });
  const params = (extra: object): never => ({ ...PARAMS, tools: [look], ...extra }) as never;
  const methods = {
    'messages.create': (extra: object) => client.messages.create(params(extra)),
    'messages.stream': (extra: object) => client.messages.stream(params(extra)),
    'messages.countTokens': (extra: object) => client.messages.countTokens(params(extra)),
    'messages.toolRunner': (extra: object) => client.messages.toolRunner(params(extra)),
  };

  const OPTIONS: readonly [param: object, what: string, option: string, onlyOf?: string[]][] = [
    [{ timeout: 5 }, 'timeout is an option', 'timeout'],
    [{ timeout: null }, 'timeout is an option', 'timeout'],
    [{ maxRetries: 0 }, 'maxRetries is an option', 'maxRetries'],
    [{ max_retries: 0 }, 'max_retries is the option maxRetries', 'maxRetries'],
    [{ signal: 1 }, 'signal is an option', 'signal'],
    [{ headers: {} }, 'headers is the option extraHeaders', 'extraHeaders'],
    [{ extra_headers: {} }, 'extra_headers is the option extraHeaders', 'extraHeaders'],
    [{ extra_query: {} }, 'extra_query is the option extraQuery', 'extraQuery'],
    [{ extra_body: {} }, 'extra_body is the option extraBody', 'extraBody'],
    [{ extraBody: {} }, 'extraBody is an option', 'extraBody'],
    [{ max_event_bytes: 5 }, 'max_event_bytes is the option maxEventBytes', 'maxEventBytes'],
    [{ recover: true }, 'recover is an option', 'recover', ['messages.stream']],
    [{ eager: true }, 'eager is an option', 'eager', []],
    [{ max_iterations: 5 }, 'max_iterations is the option maxTurns', 'maxTurns', []],
  ];

  describe.each(Object.entries(methods))('%s', (method, call) => {
    it.each(OPTIONS)('%j', async (param, what, option, onlyOf) => {
      const has = onlyOf === undefined || onlyOf.includes(method) || method.endsWith('Runner');
      const home = has ? method : (onlyOf[0] ?? 'messages.toolRunner');
      const error = await failure((async () => call(param))());
      expect(error).toBeInstanceOf(AnthropicError);
      expect(error).toHaveProperty(
        'message',
        `${what}, not a param: write ${home}(params, { ${option} })`,
      );
    });
  });

  it('undefined is not given, and what only looks like an option is sent', async () => {
    await using server = await rawServer(TEXT);
    const likes = { timeout: undefined, time_out: 1, timeouts: 2, constructor: 3 };
    await clientOf(server)
      .messages.stream({ ...PARAMS, ...likes })
      .untilDone();
    const { timeout: _, ...sent } = likes;
    expect(JSON.parse((await server.exchange()).body)).toEqual({
      ...PARAMS,
      ...sent,
      stream: true,
    });
  });
});

it('a wrong extra rejects; nothing is thrown at the caller of create()', async () => {
  const { messages } = clientOf({ url: 'http://127.0.0.1:9' });
  const call = messages.create(PARAMS, { extraBody: [] as never });
  expect(await failure(call)).toHaveProperty(
    'message',
    'extraBody is an array: pass an object of params, such as { new_param: 1 }',
  );
});
