import { describe, expect, it } from 'vitest';
import { Anthropic, accumulate, type Message, MessageStream, tool } from '../../src/index.js';
import { DIALECT_NAMES, type Dialect } from '../../src/testing/fault/dialects.js';
import { createEmulator, fault, reply } from '../../src/testing/index.js';
import type { ToolResultBlockParam } from '../../src/wire/content-params.js';
import { all, PARAMS } from './support.js';

/* Whatever the dialect, every reader gets what it would get of the API. */

const ANSWER = reply.sequence(
  reply.thinking('I need the weather of two cities.'),
  reply.text('Grüezi 🎉 mitenand, let me look. 👋🏽'),
  reply.toolUse('get_weather', { city: 'Oslo' }),
  reply.toolUse('get_weather', { city: 'Rome' }),
  reply.toolUse('get_time', {}),
);

/** The stop reasons that stand for `tool_use`. */
const REASONS: Partial<Record<Dialect, string>> = { bedrock: 'end_turn', ollama: 'stop' };

function clientOf(...dialects: Dialect[]): Anthropic {
  const faults = dialects.map((name) => fault.dialect(name));
  const { fetch } = createEmulator({ replies: () => reply.faulty(ANSWER, ...faults) });
  return new Anthropic({ apiKey: 'test', maxRetries: 0, fetch });
}

/** Ids that are made afresh have no fixed value; each must be another. */
function withoutCallIds(message: Pick<Message, 'content'>): unknown[] {
  const ids = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /\S/.test(id))).toBe(true);
  return message.content.map((block) =>
    block.type === 'tool_use' ? { ...block, id: 'any' } : block,
  );
}

const plain = await clientOf().messages.stream(PARAMS).getFinalMessage();
const CONTENT = withoutCallIds(plain);
const TEXT = 'Grüezi 🎉 mitenand, let me look. 👋🏽';
const THINKING = 'I need the weather of two cities.';
const INPUTS = ['{"city":"Oslo"}', '{"city":"Rome"}', '{}'];

interface AnyEvent {
  type: string;
  index?: number;
  delta?: { text?: string; thinking?: string; partial_json?: string };
  content_block?: { type: string; text?: string; thinking?: string; input?: unknown };
}

/** What the events say by themselves: nothing is known of a block but its start and its deltas. */
function joined(events: readonly unknown[]): unknown {
  const text = { text: '', thinking: '' };
  const inputs: string[] = [];
  const stops: unknown[] = [];
  const order: unknown[] = [];
  for (const { type, index, delta, content_block } of events as readonly AnyEvent[]) {
    if (type === 'content_block_start' && content_block !== undefined) {
      order.push(index);
      if (content_block.type === 'tool_use') inputs.push('');
      expect([content_block.text ?? '', content_block.thinking ?? '']).toEqual(['', '']);
      expect(content_block.input ?? {}).toEqual({});
    }
    if (type === 'content_block_stop') stops.push(index);
    text.text += delta?.text ?? '';
    text.thinking += delta?.thinking ?? '';
    if (delta?.partial_json) inputs.push(`${inputs.pop()}${delta.partial_json}`);
  }
  return { ...text, inputs: inputs.map((json) => json || '{}'), order, stops };
}

const JOINED = {
  text: TEXT,
  thinking: THINKING,
  inputs: INPUTS,
  order: [0, 1, 2, 3, 4],
  stops: [0, 1, 2, 3, 4],
};

describe.each(DIALECT_NAMES)('%s', (name) => {
  const open = () => clientOf(name).messages.stream(PARAMS);

  it('gives the same message to all that ask for it', async () => {
    const stream = open();
    const message = await stream.getFinalMessage();
    expect(withoutCallIds(message)).toEqual(CONTENT);
    expect(message.stop_reason).toBe(REASONS[name] ?? 'tool_use');
    expect(message.id).toBe(plain.id);
    expect(message.usage).toMatchObject({
      input_tokens: plain.usage.input_tokens,
      output_tokens: plain.usage.output_tokens,
    });
    expect(stream.currentMessageSnapshot).toBe(message);
    expect(await stream.getFinalText()).toBe(TEXT);
  });

  it('gives the same to readers of events, early and late', async () => {
    const stream = open();
    const early = await all(stream);
    const message = await stream.getFinalMessage();
    const raw = early.map((event) =>
      event.type === 'content_block_stop' ? { type: event.type, index: event.index } : event,
    );
    expect(accumulate(raw as never)).toEqual(message);
    expect(joined(early)).toEqual(JOINED);
    expect(joined(await all(stream))).toEqual(JOINED);
  });

  it('gives the same to readers of text, early and late', async () => {
    const stream = open();
    const pieces = await all(stream.textStream);
    expect(pieces.join('')).toBe(TEXT);
    // No piece ends in half a character: it may be written out as it is.
    expect(pieces.every((piece) => !/[\ud800-\udbff]$/.test(piece))).toBe(true);
    expect((await all(stream.textStream)).join('')).toBe(TEXT);
  });

  it('gives the same to listeners', async () => {
    const stream = open();
    const heard = {
      text: '',
      thinking: '',
      json: '',
      blocks: [] as unknown[],
      message: [] as unknown[],
    };
    stream.on('text', (delta) => (heard.text += delta));
    stream.on('thinking', (delta) => (heard.thinking += delta));
    stream.on('inputJson', (delta) => (heard.json += delta));
    stream.on('contentBlock', (block) => heard.blocks.push(block));
    stream.on('message', (message) => heard.message.push(message));
    const message = await stream.getFinalMessage();
    expect(heard).toEqual({
      text: TEXT,
      thinking: THINKING,
      // No arguments are no JSON, or these two brackets.
      json: expect.stringMatching(/^\{"city":"Oslo"\}\{"city":"Rome"\}(?:\{\})?$/),
      blocks: message.content,
      message: [message],
    });
  });

  it('gives the same behind toResponse()', async () => {
    const stream = open();
    const far = MessageStream.from(stream.toResponse());
    expect((await all(far.textStream)).join('')).toBe(TEXT);
    expect(await far.getFinalMessage()).toEqual(await stream.getFinalMessage());
  });

  it('gives the same to create(), which reads an event stream where JSON was asked for', async () => {
    const sse = await clientOf(name).messages.create({ ...PARAMS, stream: true });
    const events = await all(sse);
    expect(events.length).toBeGreaterThan(3);
    const body = new TextEncoder().encode(await open().toResponse().text());
    const fetch = async (): Promise<Response> => new Response(body);
    const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch });
    expect(withoutCallIds(await client.messages.create(PARAMS))).toEqual(CONTENT);
  });

  it('lets the runner run each call once, with its own input', async () => {
    const ran: unknown[] = [];
    const run = (input: unknown): string => {
      ran.push(input);
      return `result of ${JSON.stringify(input)}`;
    };
    const tools = ['get_weather', 'get_time'].map((name) =>
      tool({ name, input: { type: 'object' } as const, run }),
    );
    const emulator = createEmulator({
      replies: [reply.faulty(ANSWER, fault.dialect(name)), reply.text('Done.')],
      // The ids of another server: the API would refuse some.
      checks: false,
    });
    const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: emulator.fetch });
    const runner = client.messages.toolRunner({ ...PARAMS, tools });
    await runner.getFinalMessage();
    expect(ran).toEqual([{ city: 'Oslo' }, { city: 'Rome' }, {}]);
    const results = runner.messages.at(-2)?.content as unknown as readonly ToolResultBlockParam[];
    const calls = runner.messages.at(-3)?.content as unknown as Message['content'];
    const byId = new Map(results.map((result) => [result.tool_use_id, result.content]));
    for (const call of calls) {
      if (call.type !== 'tool_use') continue;
      expect(byId.get(call.id)).toBe(`result of ${JSON.stringify(call.input)}`);
    }
    expect(byId.size).toBe(3);
  });
});
