import { expectTypeOf, it } from 'vitest';
import {
  type Anthropic,
  type BetaMessage,
  type BetaMessageParam,
  type Message,
  type MessageParam,
  type MessageStreamEvent,
  outputFormat,
  type RawMessageStreamEvent,
  type RunnableTool,
  type ToolEvent,
  type Usage,
} from '../../src/index.js';
import type {
  SyncAnthropic,
  SyncClientOptions,
  SyncMessageStream,
  SyncOutputMessageStream,
  SyncStream,
} from '../../src/sync/index.js';

const PARAMS = { model: 'm', max_tokens: 1, messages: [] };

declare const client: SyncAnthropic;
declare const stream: boolean;

it('create gives a message, its raw events, or either', () => {
  const { messages } = client;
  expectTypeOf(messages.create(PARAMS)).toEqualTypeOf<Message>();
  expectTypeOf(messages.create({ ...PARAMS, stream: true })).toEqualTypeOf<
    SyncStream<RawMessageStreamEvent<Message>>
  >();
  expectTypeOf(messages.create({ ...PARAMS, stream })).toEqualTypeOf<
    Message | SyncStream<RawMessageStreamEvent<Message>>
  >();
});

it('a stream gives what the async one promises', () => {
  const stream = client.messages.stream(PARAMS);
  for (const event of stream) expectTypeOf(event).toEqualTypeOf<MessageStreamEvent<Message>>();
  for (const text of stream.textStream) expectTypeOf(text).toBeString();
  expectTypeOf(stream.getFinalMessage()).toEqualTypeOf<Message>();
  expectTypeOf(stream.getFinalText()).toBeString();
  expectTypeOf(stream.currentMessageSnapshot).toEqualTypeOf<Message | undefined>();
  expectTypeOf(stream.response).toEqualTypeOf<Response>();
  expectTypeOf(stream).toMatchTypeOf<Disposable>();
});

it('beta has its own params and messages', () => {
  const { messages } = client.beta;
  expectTypeOf(messages.stream({ ...PARAMS, betas: ['a'] })).toEqualTypeOf<
    SyncMessageStream<BetaMessage>
  >();
});

it('options that cannot cross are no options', () => {
  expectTypeOf<{ apiKey: string }>().toMatchTypeOf<SyncClientOptions>();
  expectTypeOf<{ apiKey: () => string }>().not.toMatchTypeOf<SyncClientOptions>();
  // @ts-expect-error
  client.messages.stream(PARAMS, { signal: AbortSignal.timeout(1) });
  client.messages.stream(PARAMS, { recover: true, timeout: { total: 1 } });
});

it('a runner gives what the async one promises', () => {
  const weather = {} as RunnableTool;
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weather] }, { maxTurns: 3 });
  for (const stream of runner) expectTypeOf(stream).toEqualTypeOf<SyncMessageStream<Message>>();
  for (const event of runner.events) {
    expectTypeOf(event).toEqualTypeOf<MessageStreamEvent<Message> | ToolEvent>();
  }
  for (const text of runner.textStream) expectTypeOf(text).toBeString();
  expectTypeOf(runner.messages).toEqualTypeOf<MessageParam[]>();
  expectTypeOf(runner.usage).toEqualTypeOf<Usage | undefined>();
  expectTypeOf(runner.getFinalMessage()).toEqualTypeOf<Message>();
  expectTypeOf(runner).toMatchTypeOf<Disposable>();

  const beta = client.beta.messages.toolRunner({ ...PARAMS, tools: [weather], betas: ['a'] });
  expectTypeOf(beta.messages).toEqualTypeOf<BetaMessageParam[]>();
  expectTypeOf(beta.usage).toEqualTypeOf<Anthropic.Beta.BetaUsage | undefined>();
  expectTypeOf(beta.getFinalMessage()).toEqualTypeOf<BetaMessage>();

  const output_config = { format: outputFormat({ type: 'string' }) };
  for (const stream of client.messages.toolRunner({ ...PARAMS, tools: [weather], output_config })) {
    expectTypeOf(stream).toEqualTypeOf<SyncOutputMessageStream<string, string, Message>>();
  }

  // @ts-expect-error: without tools it is a stream.
  client.messages.toolRunner(PARAMS);
  client.messages.toolRunner(
    { ...PARAMS, tools: [weather] },
    // @ts-expect-error: nothing waits for the promise.
    { approve: async () => true },
  );
  client.messages.toolRunner(
    { ...PARAMS, tools: [weather] },
    // @ts-expect-error: nothing can fire it.
    { signal: AbortSignal.timeout(1) },
  );
});
