import { describe, expectTypeOf, it } from 'vitest';
import type Default from '../src/index.js';
import {
  Anthropic,
  type BetaMessages,
  type Messages,
  type Message as RootMessage,
} from '../src/index.js';
import type * as api from '../src/wire/api.js';

// Checked by the compiler, never run.
declare const client: Anthropic;

describe('the namespace', () => {
  it('has the types of the API', () => {
    expectTypeOf<Anthropic.Message>().toEqualTypeOf<RootMessage>();
    expectTypeOf<Default.Message>().toEqualTypeOf<RootMessage>();
    expectTypeOf<Anthropic.MessageParam>().toEqualTypeOf<api.MessageParam>();
    expectTypeOf<Anthropic.Tool>().toEqualTypeOf<api.Tool>();
    expectTypeOf<Anthropic.ContentBlock>().toEqualTypeOf<api.ContentBlock>();
    expectTypeOf<Anthropic.MessageStreamEvent>().toEqualTypeOf<api.MessageStreamEvent>();
    expectTypeOf<Anthropic.MessageCreateParamsNonStreaming>().toEqualTypeOf<api.MessageCreateParamsNonStreaming>();
    expectTypeOf<Anthropic.Messages.ToolUseBlock>().toEqualTypeOf<api.ToolUseBlock>();
    expectTypeOf<
      Anthropic.Messages.RawMessageStreamEvent<api.BetaMessage>
    >().toEqualTypeOf<Anthropic.Beta.BetaRawMessageStreamEvent>();
  });

  it('has those of the beta', () => {
    expectTypeOf<Anthropic.Beta.BetaMessage>().toEqualTypeOf<api.BetaMessage>();
    expectTypeOf<Anthropic.Beta.Messages.BetaMessageParam>().toEqualTypeOf<api.BetaMessageParam>();
    expectTypeOf<Anthropic.Beta.Messages.MessageCreateParams>().toEqualTypeOf<api.BetaMessageCreateParams>();
  });

  it('is no value', () => {
    // @ts-expect-error a type
    Anthropic.Beta;
    // @ts-expect-error a type
    Anthropic.Messages;
  });
});

it('what the official SDK would be used for compiles', async () => {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hi' }];
  const tools: Anthropic.Tool[] = [{ name: 'look', input_schema: { type: 'object' } }];
  const params: Anthropic.MessageCreateParamsNonStreaming = {
    model: 'm',
    max_tokens: 1,
    messages,
    tools,
  };
  try {
    const message: Anthropic.Message = await client.messages.create(params);
    const text = message.content.filter(
      (block): block is Anthropic.TextBlock => block.type === 'text',
    );
    messages.push({ role: 'assistant', content: message.content });
    return text;
  } catch (error) {
    if (error instanceof Anthropic.RateLimitError) return error.headers;
    if (error instanceof Anthropic.APIError) return error.status;
    throw error;
  }
});

it('the two sets of methods have names', () => {
  expectTypeOf(client.messages).toEqualTypeOf<Messages>();
  expectTypeOf(client.beta.messages).toEqualTypeOf<BetaMessages>();
});
