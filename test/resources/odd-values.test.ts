import { describe, expect, it } from 'vitest';
import {
  Anthropic,
  AnthropicError,
  APIUserAbortError,
  type ClientOptions,
  outputFormat,
  type RequestOptions,
} from '../../src/index.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { collectRaised, failure, idle, PARAMS } from '../stream/support.js';
import { ODD_VALUES } from '../support/odd-values.js';

type Ask = (client: Anthropic, options?: RequestOptions) => Promise<unknown>;

const ASKS: readonly [how: string, ask: Ask][] = [
  ['stream()', (client, options) => client.messages.stream(PARAMS, options).getFinalText()],
  [
    'stream(), which recovers',
    (client, options) =>
      client.messages.stream(PARAMS, { ...options, recover: true }).getFinalText(),
  ],
  ['create()', (client, options) => client.messages.create(PARAMS, options)],
  [
    'create({ stream: true })',
    async (client, options) => {
      const stream = await client.messages.create({ ...PARAMS, stream: true }, options);
      for await (const _ of stream);
    },
  ],
];

function clientWith(options: ClientOptions): Anthropic {
  const { fetch } = createEmulator({ replies: [reply.text('Hello.')] });
  return new Anthropic({ apiKey: 'key', maxRetries: 0, fetch, ...options });
}

const silent = (): Promise<Response> => new Promise(() => {});

describe.each(ODD_VALUES)('%s', (_, make) => {
  const thrown = (): never => {
    throw make();
  };
  const rejected = async (): Promise<never> => thrown();
  const failingBody = async (): Promise<Response> =>
    new Response(new ReadableStream({ start: (controller) => controller.error(make()) }), {
      headers: { 'content-type': 'text/event-stream' },
    });

  describe.each(ASKS)('for %s', (_, ask) => {
    it.each<[what: string, options: ClientOptions]>([
      ['thrown by fetch', { fetch: thrown }],
      ['rejected by fetch', { fetch: rejected }],
      ['resolved by fetch', { fetch: async () => make() as Response }],
      ['in place of the chunks of a body', { fetch: failingBody }],
      ['thrown by apiKey', { apiKey: thrown }],
      ['rejected by apiKey', { apiKey: rejected }],
    ])('%s is an AnthropicError', async (_, options) => {
      expect(await failure(ask(clientWith(options)))).toBeInstanceOf(AnthropicError);
    });

    it.each<[what: string, observe: () => void]>([
      ['thrown', thrown],
      ['rejected', rejected],
      ['returned', make],
    ])('%s by observe is ignored', async (_, observe) => {
      using raised = collectRaised();
      await ask(clientWith({ observe }));
      await idle();
      expect(raised.errors).toEqual([]);
    });

    it('as the reason of a signal is an APIUserAbortError', async () => {
      const abort = new AbortController();
      const asked = failure(ask(clientWith({ fetch: silent }), { signal: abort.signal }));
      abort.abort(make());
      expect(await asked).toBeInstanceOf(APIUserAbortError);
    });
  });

  it.each<[what: string, validate: () => unknown]>([
    ['thrown by a schema', thrown],
    ['rejected by a schema', rejected],
    ['as the issue of a schema', () => ({ issues: [make()] })],
    ['as the only issues of a schema', () => ({ issues: make() ?? 0 })],
  ])('%s is an AnthropicError that has the message', async (_, validate) => {
    const { fetch } = createEmulator({ replies: [reply.text('{}')] });
    const jsonSchema = { input: () => ({ type: 'object', properties: {} }) };
    const standard = { version: 1, vendor: 'test', validate, jsonSchema } as const;
    const format = outputFormat({ '~standard': standard as never });
    const stream = clientWith({ fetch }).messages.stream({ ...PARAMS, output_config: { format } });
    const error = (await failure(stream.getFinalOutput())) as AnthropicError;
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error.partialMessage?.content).toMatchObject([{ text: '{}' }]);
  });

  it('returned or thrown by the error option of toResponse() leaves the default', async () => {
    const text = (error: () => never): Promise<string> =>
      clientWith({ fetch: rejected }).messages.stream(PARAMS).toResponse({ error }).text();
    const byDefault = await text(() => undefined as never);
    expect(byDefault).toContain('event: error');
    expect(await text(thrown)).toBe(byDefault);
    // A string is the text to send.
    if (typeof make() !== 'string') expect(await text(make as () => never)).toBe(byDefault);
  });
});
