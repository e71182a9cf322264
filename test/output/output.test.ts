import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AnthropicError, OutputError, outputFormat } from '../../src/index.js';
import { type Reply, reply } from '../../src/testing/index.js';
import {
  blockStart,
  blockStop,
  messageStart,
  textBlock,
  textDelta,
  thinkingBlock,
  toolBlock,
} from '../contract/wire.js';
import { LIBRARIES, PLAIN, type VALIBOT } from '../schema/libraries.js';
import { all, failure, until } from '../stream/support.js';
import { byHand, PARAMS, rawReply, WORLDS } from '../tools/support.js';

const ROWS = z.object({ rows: z.array(z.object({ id: z.number(), name: z.string() })) });
const ROWS_JSON = '{"rows": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]}';

/** A format that takes anything. */
const ANY = outputFormat({});

describe.each(WORLDS)('structured output %s', (_, open) => {
  it.each(LIBRARIES)('of %s: asked for, watched, validated', async (_, schema) => {
    await using world = await open([reply.text('{"city": "Oslo", "days": 2}')]);
    const stream = world.client.messages.stream({
      ...PARAMS,
      output_config: { effort: 'low', format: outputFormat(schema as typeof VALIBOT) },
    });
    const seen: object[] = [];
    for await (const value of stream.outputStream) seen.push(structuredClone(value));
    expect(seen).toEqual([{}, { city: 'Oslo' }, { city: 'Oslo' }, { city: 'Oslo', days: 2 }]);
    expect(await stream.getFinalOutput()).toEqual({ city: 'Oslo', days: 2 });
    expect((await stream.getFinalMessage()).stop_reason).toBe('end_turn');
    const sent = { ...PLAIN, additionalProperties: false };
    expect(world.bodies[0]?.output_config).toEqual({
      effort: 'low',
      format: { type: 'json_schema', schema: sent },
    });
  });

  it('is there for messages.create too', async () => {
    await using world = await open([reply.text(ROWS_JSON), reply.text('{"rows": 1}')]);
    const format = outputFormat(ROWS);
    const params = { ...PARAMS, output_config: { format } };
    const output = await format.parse(await world.client.messages.create(params));
    expect(output.rows.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
    const { output_config } = world.bodies[0] ?? {};
    expect(Object.keys(output_config?.format ?? {})).toEqual(['type', 'schema']);
    const message = await world.client.messages.create(params);
    expect(await failure(format.parse(message, 'req_1'))).toMatchObject({
      name: 'OutputError',
      partialMessage: message,
      requestId: 'req_1',
    });
  });

  it('is not what another library makes, though it parses', async () => {
    await using world = await open([reply.text(ROWS_JSON)]);
    const format = { type: 'json_schema', schema: {}, parse: (text: string) => text } as const;
    const stream = world.client.messages.stream({ ...PARAMS, output_config: { format } });
    expect(stream).not.toHaveProperty('outputStream');
    expect(await stream.getFinalText()).toBe(ROWS_JSON);
  });

  it('is the same in beta', async () => {
    await using world = await open([reply.text(ROWS_JSON)]);
    const output_config = { format: outputFormat(ROWS) };
    const stream = world.client.beta.messages.stream({ ...PARAMS, output_config });
    expect(await stream.getFinalOutput()).toEqual(JSON.parse(ROWS_JSON));
  });

  it('is there in the turns of a runner', async () => {
    await using world = await open([
      reply.toolUse('nope', {}),
      reply.sequence(reply.thinking('hm'), reply.text(ROWS_JSON)),
    ]);
    const params = { ...PARAMS, tools: [], output_config: { format: outputFormat(ROWS) } };
    const runner = world.client.messages.toolRunner(params);
    const outputs: unknown[] = [];
    for await (const stream of runner) {
      outputs.push(await stream.getFinalOutput().catch((error) => error.reason));
    }
    expect(outputs).toEqual([
      'there is no output yet: the model calls tools',
      JSON.parse(ROWS_JSON),
    ]);
    expect(world.bodies[1]?.output_config).toEqual(world.bodies[0]?.output_config);
  });
});

/** Answers that are no output: what they are, the schema, what is said, and with which issues. */
const FAILURES: readonly [what: string, Reply, RegExp, text: string, issues: unknown[]][] = [
  [
    'a refusal',
    reply.text('I cannot', { stop_reason: 'refusal' }),
    /^there is no output: the model refused \(request/,
    'I cannot',
    [],
  ],
  [
    'a cut',
    reply.text('{"rows": [', { stop_reason: 'max_tokens' }),
    /^the output is cut: max_tokens was reached \(request/,
    '{"rows": [',
    [],
  ],
  [
    'a cut that looks whole',
    reply.text('{"rows": []}', { stop_reason: 'max_tokens' }),
    /^the output is cut: max_tokens was reached/,
    '{"rows": []}',
    [],
  ],
  [
    'a full context',
    reply.text('{', { stop_reason: 'model_context_window_exceeded' }),
    /^the output is cut: the context window is full/,
    '{',
    [],
  ],
  [
    'a paused turn',
    reply.text('{', { stop_reason: 'pause_turn' }),
    /^there is no output yet: the turn is paused/,
    '{',
    [],
  ],
  [
    'a call',
    rawReply('tool_use', ...toolBlock(0, '{}')),
    /^there is no output yet: the model calls tools/,
    '',
    [],
  ],
  [
    'text that is no JSON',
    reply.text('Sure! {"rows": []}'),
    /^the output is not JSON: .+ \(request req_0\w+, after 18 characters in 1 block\)$/,
    'Sure! {"rows": []}',
    [{ message: expect.any(String) }],
  ],
  ['nothing', rawReply('end_turn'), /^the output is not JSON: /, '', [{}]],
  [
    'JSON that does not fit',
    reply.text('{"rows": [{"id": 1}, {"id": "b", "name": "Bob"}]}'),
    /^the output does not fit its schema: rows\.0\.name: .+; rows\.1\.id: .+/,
    '{"rows": [{"id": 1}, {"id": "b", "name": "Bob"}]}',
    [{ path: ['rows', 0, 'name'] }, { path: ['rows', 1, 'id'] }],
  ],
];

it.each(FAILURES)('an OutputError tells of %s, and the message is there', async (...row) => {
  const [, answer, message, text, issues] = row;
  await using world = await WORLDS[0][1]([answer]);
  const output_config = { format: outputFormat(ROWS) };
  const stream = world.client.messages.stream({ ...PARAMS, output_config });
  const watched = await until(stream.outputStream);
  const error = (await failure(stream.getFinalOutput())) as OutputError;
  expect(watched.error).toBe(error);
  expect(error).toBeInstanceOf(OutputError);
  expect(error).toBeInstanceOf(AnthropicError);
  expect(error).toMatchObject({ message: expect.stringMatching(message), text, issues });
  expect(error.issues).toHaveLength(issues.length);
  expect(error.retryable).toBe(false);
  expect(error.partialMessage).toBe(await stream.getFinalMessage());
  expect(Object.keys(error)).toEqual(expect.not.arrayContaining(['text', 'partialMessage']));
});

it('is validated and parsed once', async () => {
  let validations = 0;
  const schema = z.object({ a: z.number() }).transform((value) => {
    validations++;
    return value;
  });
  await using world = await WORLDS[0][1]([reply.text('{"a": 1}')]);
  const output_config = { format: outputFormat(schema) };
  const stream = world.client.messages.stream({ ...PARAMS, output_config });
  const output = await stream.getFinalOutput();
  expect(await stream.getFinalOutput()).toBe(output);
  await all(stream.outputStream);
  expect(validations).toBe(1);
});

it('fails as its stream does, after all that came', async () => {
  const { client, request } = byHand();
  const stream = client.messages.stream({ ...PARAMS, output_config: { format: ANY } });
  const watched = until(stream.outputStream);
  const held = await request();
  held.feed(messageStart(), ...textBlock(0, '["on', 'e", "tw').slice(0, -1));
  await stream[Symbol.asyncIterator]().next();
  held.break();
  const { seen, error } = await watched;
  expect(seen.at(-1)).toEqual(['one', 'tw']);
  expect(error).toMatchObject({ name: 'APIConnectionError' });
  expect(await failure(stream.getFinalOutput())).toBe(error);
});

/** The text as it comes, and the values that are seen. */
const WATCHED: readonly [pieces: readonly string[], values: readonly unknown[]][] = [
  [
    ['{"a": "Ha', 'llo', '", "b": 1', '2', '}'],
    [{ a: 'Ha' }, { a: 'Hallo' }, { a: 'Hallo' }, { a: 'Hallo' }, { a: 'Hallo', b: 12 }],
  ],
  [[' ', '\n', '{'], [{}]],
  [
    ['"Ha', 'llo"'],
    ['Ha', 'Hallo'],
  ],
  [['4', '2'], [42]],
  [['tr', 'ue'], [true]],
  [
    ['[1, ', '2', ', no'],
    [[1], [1], [1, 2]],
  ],
  [
    ['"\\ud83d', '\\ude00"'],
    ['', '😀'],
  ],
];

it.each(WATCHED)('%j is seen as %j', async (pieces, values) => {
  await using world = await WORLDS[0][1]([
    rawReply('end_turn', ...thinkingBlock(0, 'sig', '[', ']'), ...textBlock(1, ...pieces)),
  ]);
  const stream = world.client.messages.stream({ ...PARAMS, output_config: { format: ANY } });
  const seen: unknown[] = [];
  try {
    for await (const value of stream.outputStream) seen.push(structuredClone(value));
  } catch {}
  expect(seen).toEqual(values);
});

it('is all the text there is, in one document', async () => {
  const opening = messageStart({ content: [{ type: 'text', text: '[1, ' }] });
  await using world = await WORLDS[0][1]([
    reply.events([
      opening,
      blockStart(1, { type: 'text', text: '2' }),
      textDelta(1, ', 3'),
      blockStop(1),
      ...textBlock(2, ', 4]'),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ]),
  ]);
  const stream = world.client.messages.stream({ ...PARAMS, output_config: { format: ANY } });
  expect((await all(stream.outputStream)).at(-1)).toEqual([1, 2, 3, 4]);
  expect(await stream.getFinalOutput()).toEqual([1, 2, 3, 4]);
});

it('hands out one object that grows, to each reader its own; the final output is another', async () => {
  await using world = await WORLDS[0][1]([reply.text(ROWS_JSON)]);
  const output_config = { format: outputFormat(ROWS) };
  const stream = world.client.messages.stream({ ...PARAMS, output_config });
  const [one, other] = await Promise.all([all(stream.outputStream), all(stream.outputStream)]);
  const late = await all(stream.outputStream);
  const output = await stream.getFinalOutput();
  expect(new Set(one).size).toBe(1);
  expect(late).toHaveLength(1);
  const objects = [one[0], other?.[0], late[0], output];
  expect(objects).toEqual(objects.map(() => JSON.parse(ROWS_JSON)));
  expect(new Set(objects).size).toBe(4);
});

it('ends the request where its only reader leaves', async () => {
  const { client, request } = byHand();
  const stream = client.messages.stream({ ...PARAMS, output_config: { format: ANY } });
  const reading = (async () => {
    for await (const _ of stream.outputStream) break;
  })();
  const held = await request();
  held.feed(messageStart(), ...textBlock(0, '['));
  await reading;
  expect(held.signal.aborted).toBe(true);
});
