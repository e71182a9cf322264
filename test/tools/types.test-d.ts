import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type Anthropic,
  type BetaMessage,
  type BetaMessageParam,
  type Message,
  type MessageParam,
  type MessageStream,
  type MessageStreamEvent,
  type OutputMessageStream,
  outputFormat,
  type ToolEvent,
  type ToolUseBlock,
  tool,
  type Usage,
} from '../../src/index.js';
import { ARKTYPE, VALIBOT, ZOD } from '../schema/libraries.js';
import { PARAMS } from './support.js';

// Checked by the compiler, never run.
declare const client: Anthropic;

describe('tool', () => {
  it('gives run the type of its input', () => {
    tool({ name: 'x', input: ZOD, run: (input) => expectTypeOf(input.city).toBeString() as never });
    tool({ name: 'x', input: VALIBOT, run: ({ city }) => city });
    tool({ name: 'x', input: ARKTYPE, run: ({ city }) => city });
    tool({
      name: 'x',
      input: {
        type: 'object',
        properties: { unit: { enum: ['C', 'F'] }, days: { type: 'integer' } },
        required: ['unit'],
      },
      run(input) {
        expectTypeOf(input).toEqualTypeOf<{ unit: 'C' | 'F'; days?: number }>();
        return input.unit;
      },
    });
    tool({
      // Whatever the order.
      run: (input) => void expectTypeOf(input).toEqualTypeOf<{ at: Date }>(),
      input: z.object({ at: z.string().transform((text) => new Date(text)) }),
      name: 'x',
    });
  });

  it('gives run the call', () => {
    tool({
      name: 'x',
      input: ZOD,
      async run(_, context) {
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(context.toolUse).toEqualTypeOf<ToolUseBlock>();
        context.emit({ anything: 1 });
      },
    });
  });

  it('knows what a tool may return', () => {
    tool({ name: 'x', input: ZOD, run: () => [{ type: 'text', text: 'a' }] });
    tool({ name: 'x', input: ZOD, run: async () => {} });
    tool({ name: 'x', input: ZOD, run: () => 21 });
    interface Weather {
      sky: string;
    }
    tool({ name: 'x', input: ZOD, run: async (): Promise<Weather> => ({ sky: 'blue' }) });
    // @ts-expect-error: JSON has no bigint.
    tool({ name: 'x', input: ZOD, run: () => 21n });
  });

  it('takes objects only, and the fields of the API', () => {
    tool({ name: 'x', input: ZOD, run: () => '', strict: true, defer_loading: true });
    // @ts-expect-error: an array is no input.
    tool({ name: 'x', input: { type: 'array' }, run: () => '' });
    // @ts-expect-error: there is no such field.
    tool({ name: 'x', input: ZOD, run: () => '', strickt: true });
  });

  it("takes a tool of the API's, whose input it cannot know", () => {
    tool({
      type: 'bash_20250124',
      name: 'bash',
      run: (input) => void expectTypeOf(input).toBeUnknown(),
    });
  });
});

describe('toolRunner', () => {
  const weather = tool({ name: 'x', input: ZOD, run: () => '' });

  it('takes tools that can be run and tools of the API, mixed', () => {
    const search = { type: 'web_search_20260318', name: 'web_search' } as const;
    client.messages.toolRunner({ ...PARAMS, tools: [weather, search] }, { maxTurns: 3 });
    client.messages.toolRunner({
      ...PARAMS,
      // @ts-expect-error: nothing runs it.
      tools: [{ name: 'x', input_schema: { type: 'object' } }],
    });
    // @ts-expect-error: without tools it is a stream.
    client.messages.toolRunner(PARAMS);
    // @ts-expect-error: there is no such param.
    client.messages.toolRunner({ ...PARAMS, tools: [weather], max_turns: 3 });
    // @ts-expect-error: that is beta.
    client.messages.toolRunner({ ...PARAMS, tools: [weather], betas: ['a'] });
  });

  it('is typed by its edition', async () => {
    const ga = client.messages.toolRunner({ ...PARAMS, tools: [weather] });
    for await (const stream of ga) expectTypeOf(stream).toEqualTypeOf<MessageStream<Message>>();
    for await (const event of ga.events) {
      expectTypeOf(event).toEqualTypeOf<MessageStreamEvent<Message> | ToolEvent>();
      if (event.type === 'tool_update') expectTypeOf(event.update).toBeUnknown();
    }
    for await (const text of ga.textStream) expectTypeOf(text).toBeString();
    expectTypeOf(ga.messages).toEqualTypeOf<MessageParam[]>();
    expectTypeOf(ga.usage).toEqualTypeOf<Usage | undefined>();
    expectTypeOf(await ga.getFinalMessage()).toEqualTypeOf<Message>();

    const beta = client.beta.messages.toolRunner({ ...PARAMS, tools: [weather], betas: ['a'] });
    for await (const stream of beta) {
      expectTypeOf(stream).toEqualTypeOf<MessageStream<BetaMessage>>();
    }
    expectTypeOf(beta.messages).toEqualTypeOf<BetaMessageParam[]>();
    expectTypeOf(beta.usage).toEqualTypeOf<Anthropic.Beta.BetaUsage | undefined>();
    expectTypeOf(await beta.getFinalMessage()).toEqualTypeOf<BetaMessage>();
  });

  it('sends its conversation anywhere', () => {
    const { messages } = client.messages.toolRunner({ ...PARAMS, tools: [weather] });
    client.messages.stream({ ...PARAMS, messages });
    client.beta.messages.stream({ ...PARAMS, messages });
  });

  it('gives turns that know their output', async () => {
    const format = outputFormat(z.object({ name: z.string() }));
    const params = { ...PARAMS, tools: [weather], output_config: { format } };
    for await (const stream of client.messages.toolRunner(params)) {
      expectTypeOf(stream).toEqualTypeOf<
        OutputMessageStream<{ name: string }, { name: string }, Message>
      >();
    }
  });
});
