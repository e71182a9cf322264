import { expectTypeOf, it } from 'vitest';
import type {
  BetaMessage,
  Message,
  MessageStreamEvent,
  RawMessageStreamEvent,
} from '../../src/index.js';
import type {
  SyncAnthropic,
  SyncClientOptions,
  SyncMessageStream,
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
