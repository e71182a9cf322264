import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { Anthropic, ClientOptions } from '../../src/index.js';
import {
  type BetaMessage,
  type Message,
  type MessageCreateParams,
  type MessageCreateParamsNonStreaming,
  type MessageCreateParamsStreaming,
  type MessageStream,
  type MessageStreamParams,
  outputFormat,
  type RawMessageStreamEvent,
  type ResponsePromise,
  type Stream,
} from '../../src/index.js';

// Checked by the compiler, never run.
declare const client: Anthropic;
declare const stream: boolean;
const PARAMS = { model: 'm', max_tokens: 1, messages: [] };

type Raw = Stream<RawMessageStreamEvent>;

describe('create', () => {
  it('gives a message, or its events, or either, as stream says', () => {
    const { create } = client.messages;
    expectTypeOf(create(PARAMS)).toEqualTypeOf<ResponsePromise<Message>>();
    expectTypeOf(create({ ...PARAMS, stream: false })).toEqualTypeOf<ResponsePromise<Message>>();
    expectTypeOf(create({ ...PARAMS, stream: undefined })).toEqualTypeOf<
      ResponsePromise<Message>
    >();
    expectTypeOf(create({ ...PARAMS, stream: true })).toEqualTypeOf<ResponsePromise<Raw>>();
    expectTypeOf(create({ ...PARAMS, stream })).toEqualTypeOf<ResponsePromise<Message | Raw>>();
  });

  it('tells by params that were made before', () => {
    const { create } = client.messages;
    expectTypeOf(create({} as MessageStreamParams)).toEqualTypeOf<ResponsePromise<Message>>();
    expectTypeOf(create({} as MessageCreateParams)).toEqualTypeOf<ResponsePromise<Message | Raw>>();
    expectTypeOf(create({} as MessageCreateParamsNonStreaming)).toEqualTypeOf<
      ResponsePromise<Message>
    >();
    expectTypeOf(create({} as MessageCreateParamsStreaming)).toEqualTypeOf<ResponsePromise<Raw>>();
  });

  it('gives beta messages in beta', () => {
    const { create } = client.beta.messages;
    expectTypeOf(create({ ...PARAMS, betas: ['a'] })).toEqualTypeOf<ResponsePromise<BetaMessage>>();
    expectTypeOf(create({ ...PARAMS, stream: true })).toEqualTypeOf<
      ResponsePromise<Stream<RawMessageStreamEvent<BetaMessage>>>
    >();
  });
});

describe('stream', () => {
  it('has an output where a format is given, and may have one where it may be', () => {
    const { stream } = client.messages;
    const format = outputFormat(z.object({ n: z.number() }));
    expectTypeOf(stream(PARAMS)).toEqualTypeOf<MessageStream>();
    expectTypeOf(stream({} as MessageStreamParams)).toEqualTypeOf<MessageStream>();
    expectTypeOf(stream({ ...PARAMS, output_config: undefined })).toEqualTypeOf<MessageStream>();
    expectTypeOf(
      stream({ ...PARAMS, output_config: { effort: 'low' } }),
    ).toEqualTypeOf<MessageStream>();
    const plain = { type: 'json_schema', schema: {} } as const;
    expectTypeOf(
      stream({ ...PARAMS, output_config: { format: plain } }),
    ).toEqualTypeOf<MessageStream>();
    const output = stream({ ...PARAMS, output_config: { effort: 'low', format } });
    expectTypeOf(output.getFinalOutput()).resolves.toEqualTypeOf<{ n: number }>();
    const maybe = stream({
      ...PARAMS,
      output_config: { format: Math.random() > 1 ? format : null },
    });
    expectTypeOf(maybe.getFinalText()).resolves.toBeString();
    // @ts-expect-error there may be none
    maybe.getFinalOutput();
  });
});

describe('options', () => {
  it('that do not exist are errors', () => {
    // @ts-expect-error maxRetry
    const options: ClientOptions = { maxRetry: 3 };
    // @ts-expect-error maxRetry
    client.messages.create(PARAMS, { maxRetry: 3 });
    // @ts-expect-error maxRetry
    client.messages.stream(PARAMS, { maxRetry: 3 });
    // @ts-expect-error maxRetry
    client.messages.countTokens(PARAMS, { maxRetry: 3 });
    // @ts-expect-error maxTurn
    client.messages.toolRunner({ ...PARAMS, tools: [] }, { maxTurn: 3 });
    return options;
  });

  it('may be undefined, the inner ones too', () => {
    client.messages.stream(PARAMS, {
      signal: undefined,
      timeout: { idle: undefined, total: 5 },
      recover: { mode: undefined, attempts: undefined },
      extraHeaders: undefined,
    });
  });
});
