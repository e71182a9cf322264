import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { Anthropic } from '../../src/client.js';
import type { DeepPartial, Schema } from '../../src/index.js';
import { outputFormat as sourceFormat } from '../../src/output/output-format.js';
import type { StandardSchema } from '../../src/schema/standard-schema.js';
import { LIBRARIES, type VALIBOT } from '../schema/libraries.js';
import { millrace, sync } from './built.js';
import { addressOf, LIMITED, PARAMS, type Setting, setting, thrownBy } from './support.js';

const { outputFormat, OutputError } = millrace;

const used: Setting[] = [];
afterAll(() => {
  for (const each of used) each[Symbol.dispose]();
});

const ROWS = z.object({ rows: z.array(z.object({ id: z.number(), name: z.string() })) });
const ROWS_JSON = '{"rows": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]}';

type Saying = typeof PARAMS & { metadata: { user_id: string } };

/** Params for which a server says a text. */
function saying(text: string, stop = 'end_turn'): Saying {
  return {
    ...PARAMS,
    messages: [{ role: 'user' as const, content: text }],
    metadata: { user_id: stop },
  };
}

/** A stream whose text is this, read with a schema. */
function open<const S extends Schema>(schema: S, text: string, stop?: string) {
  const made = setting('parrot');
  used.push(made);
  return made.client.messages.stream({
    ...saying(text, stop),
    output_config: { format: outputFormat(schema) },
  });
}

describe('structured output, blocking', () => {
  it.each(LIBRARIES)('of %s: watched, validated', (_, schema) => {
    const stream = open(schema as typeof VALIBOT, '{"city": "Oslo", "days": 2}');
    expect(stream).toBeInstanceOf(sync.SyncOutputMessageStream);
    const seen: object[] = [];
    for (const value of stream.outputStream) seen.push(structuredClone(value));
    expect([seen.at(0), seen.at(-1)]).toEqual([{}, { city: 'Oslo', days: 2 }]);
    expect(stream.getFinalOutput()).toEqual({ city: 'Oslo', days: 2 });
    expect(stream.getFinalMessage().stop_reason).toBe('end_turn');
  });

  it('hands out typed values', () => {
    const stream = open(ROWS, ROWS_JSON);
    for (const value of stream.outputStream)
      expectTypeOf(value).toEqualTypeOf<DeepPartial<z.input<typeof ROWS>>>();
    const { rows } = stream.getFinalOutput();
    expect(rows.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
  });

  it('tells of each value as soon as it is finished, while something reads', () => {
    const stream = open(ROWS, ROWS_JSON);
    const names: string[] = [];
    const stop = stream.outputStream.onValue('rows.*', (row, path) => {
      names.push(`${path.join('.')} ${row.name}`);
    });
    for (const _ of stream) if (names.length === 1) stop();
    expect(names).toEqual(['rows.0 Ada']);
    const late: unknown[] = [];
    stream.outputStream.onValue('rows.*.id', (id) => void late.push(id));
    expect(late).toEqual([1, 2]);
  });

  it('reports what an onValue listener throws to error listeners', () => {
    const stream = open(ROWS, ROWS_JSON);
    const errors: unknown[] = [];
    stream.on('error', (error) => void errors.push(error.cause));
    const cause = new Error('mine');
    stream.outputStream.onValue('rows.0.id', () => {
      throw cause;
    });
    expect(stream.getFinalOutput().rows).toHaveLength(2);
    expect(errors).toEqual([cause]);
  });

  it('is there in beta, and for create with parseSync', () => {
    const made = setting('parrot');
    used.push(made);
    const format = outputFormat(ROWS);
    const params = { ...saying(ROWS_JSON), output_config: { format } };
    const streamed = made.client.beta.messages.stream(params);
    const whole = made.client.messages.create({ ...params, max_tokens: 50_000 });
    expect(streamed.getFinalOutput()).toEqual(JSON.parse(ROWS_JSON));
    expect(format.parseSync(whole)).toEqual(JSON.parse(ROWS_JSON));
  });

  it('is parsed once, in a final output of its own', () => {
    let validations = 0;
    const schema = z.object({ a: z.number() }).transform((value) => {
      validations++;
      return value;
    });
    const stream = open(schema, '{"a": 1}');
    const seen = [...stream.outputStream];
    expect(stream.getFinalOutput()).toBe(stream.getFinalOutput());
    expect(stream.getFinalOutput()).not.toBe(seen[0]);
    expect(validations).toBe(1);
  });

  it.each<[what: string, schema: Schema]>([
    ['zod', z.object({ a: z.number() }).refine(async () => true)],
    ['one whose promise rejects', standard(() => Promise.reject(new Error('never heard')))],
  ])('is refused with the way to it where the schema needs a promise: %s', (_, schema) => {
    const stream = open(schema, '{"a": 1}');
    const error = thrownBy(() => stream.getFinalOutput()) as Error;
    expect(error).toBeInstanceOf(millrace.AnthropicError);
    expect(error).toMatchObject({ partialMessage: stream.getFinalMessage() });
    expect(error.message).toMatch(/^this schema validates asynchronously.*await format\.parse\(/);
    expect(thrownBy(() => [...stream.outputStream])).toBe(error);
  });

  it('ends with the stream where its only reader leaves', () => {
    const stream = open(ROWS, ROWS_JSON);
    stream.outputStream.onValue('', () => {});
    for (const _ of stream.outputStream) break;
    expect(thrownBy(() => stream.getFinalOutput())).toBeInstanceOf(millrace.APIUserAbortError);
  });
});

/** A schema that validates with a function. */
function standard(validate: StandardSchema['~standard']['validate']): StandardSchema {
  return {
    '~standard': {
      version: 1,
      vendor: 'mine',
      validate,
      jsonSchema: { input: () => ({ type: 'object' }) },
    },
  };
}

/** What a model may write, and why it stops. */
const WRITTEN: readonly [text: string, stop?: string][] = [
  [ROWS_JSON],
  ['{"rows": [{"id": 1}, {"id": "b", "name": "Bob"}]}'],
  ['Sure! {"rows": []}'],
  ['{"rows": [', 'max_tokens'],
  ['{"rows": []}', 'max_tokens'],
  ['I cannot', 'refusal'],
  ['{', 'model_context_window_exceeded'],
  [''],
];

it.each(WRITTEN)('gives for %j (%s) what the awaiting client gives', async (text, stop) => {
  const baseURL = addressOf('parrot');
  const theirs = new Anthropic({ ...LIMITED, baseURL }).messages.stream({
    ...saying(text, stop),
    output_config: { format: sourceFormat(ROWS) },
  });
  const expected: Outcome = { seen: [] };
  try {
    for await (const value of theirs.outputStream) expected.seen.push(structuredClone(value));
    expected.output = await theirs.getFinalOutput();
  } catch (error) {
    expected.error = plain(error);
  }
  const stream = open(ROWS, text, stop);
  const outcome: Outcome = { seen: [] };
  try {
    for (const value of stream.outputStream) outcome.seen.push(structuredClone(value));
    outcome.output = stream.getFinalOutput();
  } catch (error) {
    expect(error).toBeInstanceOf(OutputError);
    expect(thrownBy(() => stream.getFinalOutput())).toBe(error);
    outcome.error = plain(error);
  }
  expect(outcome).toEqual(expected);
});

interface Outcome {
  seen: unknown[];
  output?: unknown;
  error?: unknown;
}

function plain(error: unknown): unknown {
  const { name, message, text, issues, partialMessage, retryable } = error as Record<
    string,
    unknown
  >;
  return { name, message, text, issues, partialMessage, retryable };
}
