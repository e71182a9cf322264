import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type Anthropic,
  type BetaMessage,
  type DeepPartial,
  type Message,
  type MessageStream,
  type OutputMessageStream,
  outputFormat,
} from '../../src/index.js';
import type { ValueAt } from '../../src/output/value-at.js';
import { PARAMS } from '../tools/support.js';

// Checked by the compiler, never run.
declare const client: Anthropic;

interface Recipe {
  name: string;
  kind: 'soup' | 'cake';
  steps: { text: string; minutes: number }[];
  note: string | null;
  draft: boolean;
}

describe('the output so far', () => {
  it('may lack anything, and has the beginning of any string', () => {
    expectTypeOf<DeepPartial<Recipe>>().toEqualTypeOf<{
      name?: string;
      kind?: string;
      steps?: { text?: string; minutes?: number }[];
      note?: string | null;
      draft?: boolean;
    }>();
    expectTypeOf<DeepPartial<unknown>>().toBeUnknown();
    expectTypeOf<DeepPartial<readonly 'a'[]>>().toEqualTypeOf<string[]>();
    expectTypeOf<DeepPartial<1 | null>>().toEqualTypeOf<1 | null>();
  });

  it('has finished values at a pattern', () => {
    expectTypeOf<ValueAt<Recipe, 'steps.*'>>().toEqualTypeOf<Recipe['steps'][number]>();
    expectTypeOf<ValueAt<Recipe, 'steps.0.minutes'>>().toBeNumber();
    expectTypeOf<ValueAt<Recipe, ''>>().toEqualTypeOf<Recipe>();
    expectTypeOf<ValueAt<{ a: 1; b: 2 }, '*'>>().toEqualTypeOf<1 | 2>();
    expectTypeOf<ValueAt<Recipe, 'nope.x'>>().toBeUnknown();
    expectTypeOf<ValueAt<unknown, 'a'>>().toBeUnknown();
  });
});

describe('messages.stream', () => {
  const schema = z.object({ at: z.string().transform((text) => new Date(text)), n: z.number() });

  it('is typed by its output, before and after the schema', async () => {
    const output_config = { effort: 'low', format: outputFormat(schema) };
    const stream = client.messages.stream({ ...PARAMS, output_config });
    expectTypeOf(stream).toEqualTypeOf<
      OutputMessageStream<{ at: Date; n: number }, { at: string; n: number }, Message>
    >();
    expectTypeOf(await stream.getFinalOutput()).toEqualTypeOf<{ at: Date; n: number }>();
    for await (const value of stream.outputStream) {
      expectTypeOf(value).toEqualTypeOf<{ at?: string; n?: number }>();
    }
    stream.outputStream.onValue('at', (at, path) => {
      expectTypeOf(at).toBeString();
      expectTypeOf(path).toEqualTypeOf<readonly (string | number)[]>();
    });
    expectTypeOf(await outputFormat(schema).parse({} as Message)).toEqualTypeOf<{
      at: Date;
      n: number;
    }>();
    // Whoever takes a stream takes this one.
    expectTypeOf(stream).toExtend<MessageStream>();
  });

  it('infers it from JSON Schema that is written in place', async () => {
    const stream = client.messages.stream({
      ...PARAMS,
      output_config: {
        format: outputFormat({
          type: 'object',
          properties: { rows: { type: 'array', items: { type: 'integer' } } },
          required: ['rows'],
        }),
      },
    });
    expectTypeOf(await stream.getFinalOutput()).toEqualTypeOf<{ rows: number[] }>();
    stream.outputStream.onValue('rows.*', (row) => expectTypeOf(row).toBeNumber());
  });

  it('is the same in beta', () => {
    const output_config = { format: outputFormat(schema) };
    const stream = client.beta.messages.stream({ ...PARAMS, betas: ['a'], output_config });
    expectTypeOf(stream.currentMessageSnapshot).toEqualTypeOf<BetaMessage | undefined>();
    expectTypeOf(stream.getFinalOutput).returns.resolves.toEqualTypeOf<{ at: Date; n: number }>();
  });

  it('has no output without a format of outputFormat()', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } } as const;
    const stream = client.messages.stream({ ...PARAMS, output_config: { format } });
    expectTypeOf(stream).toEqualTypeOf<MessageStream<Message>>();
    expectTypeOf(client.messages.stream(PARAMS)).toEqualTypeOf<MessageStream<Message>>();
    // @ts-expect-error: there is no such param.
    client.messages.stream({ ...PARAMS, output_confg: {} });
  });
});
