import { describe, expect, it } from 'vitest';
import { createEmulator, type RawEvent, type Reply, reply } from '../../src/testing/index.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { ask, eventsIn, PARAMS } from './ask.js';

const streamed = async (given: Reply): Promise<RawMessageStreamEvent[]> =>
  eventsIn(await ask(createEmulator({ replies: [given] })));

/** A short form of an event. */
function brief(event: RawMessageStreamEvent): string {
  if (event.type === 'content_block_start') return `start ${event.index}`;
  if (event.type === 'content_block_stop') return `stop ${event.index}`;
  if (event.type !== 'content_block_delta') return event.type;
  const { type, ...fields } = event.delta as { type: string };
  return `${event.index} ${JSON.stringify(Object.values(fields)[0])}`;
}

describe('the events of a reply', () => {
  const CASES: [name: string, given: Reply, events: string[]][] = [
    [
      'text',
      reply.text("Well, that's unbelievably so.\n"),
      [
        'start 0',
        'ping',
        '0 "Well,"',
        '0 " that\'s"',
        '0 " unbelievably"',
        '0 " so."',
        '0 "\\n"',
        'stop 0',
      ],
    ],
    ['empty text', reply.text(''), ['start 0', 'ping', 'stop 0']],
    [
      'thinking',
      reply.thinking('I think so.', { signature: 'c2ln' }),
      ['start 0', 'ping', '0 "I"', '0 " think"', '0 " so."', '0 "c2ln"', 'stop 0'],
    ],
    [
      'toolUse',
      reply.toolUse('get_weather', { location: 'San José' }),
      ['start 0', 'ping', '0 ""', '0 "{\\"location\\":"', '0 "\\"San"', '0 " José\\"}"', 'stop 0'],
    ],
    ['toolUse without arguments', reply.toolUse('now', {}), ['start 0', 'ping', '0 ""', 'stop 0']],
    [
      'sequence',
      reply.sequence(reply.text('Hi'), reply.toolUse('now', {})),
      ['start 0', 'ping', '0 "Hi"', 'stop 0', 'start 1', '1 ""', 'stop 1'],
    ],
  ];

  it.each(CASES)('%s', async (_name, given, expected) => {
    const events = await streamed(given);
    expect(events.map(brief)).toEqual([
      'message_start',
      ...expected,
      'message_delta',
      'message_stop',
    ]);
  });

  it('start with empty blocks and end with the final fields', async () => {
    const given = reply.sequence(reply.thinking('Hm.'), reply.toolUse('now', { a: 1 }));
    const events = await streamed(given);
    const starts = events.filter(({ type }) => type === 'content_block_start');
    expect(starts).toEqual([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      },
      {
        type: 'content_block_start',
        index: 1,
        content_block: expect.objectContaining({ type: 'tool_use', name: 'now', input: {} }),
      },
    ]);
    expect(events[0]).toMatchObject({
      message: { model: PARAMS.model, content: [], stop_reason: null, usage: { output_tokens: 1 } },
    });
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { output_tokens: expect.any(Number) },
    });
  });

  it('contain the tool input from when the reply was created', async () => {
    const input = { city: 'Paris' };
    const given = reply.toolUse('get_weather', input);
    input.city = 'Rome';
    const response = await ask(createEmulator({ replies: [given] }), { stream: false });
    expect((await response.json()).content[0].input).toEqual({ city: 'Paris' });
  });

  it('cost about a token per four characters', async () => {
    const outputTokens = async (text: string): Promise<unknown> =>
      (await (await ask(createEmulator({ replies: [reply.text(text)] }), { stream: false })).json())
        .usage.output_tokens;
    expect(await outputTokens('x'.repeat(4000))).toBe(1000);
    expect(await outputTokens('')).toBe(1);
  });
});

describe('reply.events', () => {
  it('sends exactly its events', async () => {
    const events: RawEvent[] = [
      { type: 'message_start', ...{ message: { content: [] } } },
      { type: 'brand_new', ...{ text: 'line\u2028\n end', lone: '\ud800' } },
      { type: 'error', ...{ error: { type: 'overloaded_error', message: 'Overloaded' } } },
    ];
    expect(await streamed(reply.events(events))).toEqual(events);
  });

  it('sends nothing for an empty list', async () => {
    expect(await streamed(reply.events([]))).toEqual([]);
  });

  it('sends an error event if its generator throws', async () => {
    function* broken(): Generator<RawEvent> {
      yield { type: 'ping' };
      throw new Error('out of paper');
    }
    expect(await streamed(reply.events(broken()))).toEqual([
      { type: 'ping' },
      expect.objectContaining({
        type: 'error',
        error: { type: 'api_error', message: expect.stringContaining('out of paper') },
      }),
    ]);
  });

  const UNFIT: [name: string, events: RawEvent[], status: number, message: RegExp][] = [
    ['none', [], 500, /message_start is missing/],
    ['out of order', [{ type: 'message_stop' }], 500, /before message_start/],
    [
      'an error',
      [{ type: 'error', ...{ error: { type: 'overloaded_error', message: 'Overloaded' } } }],
      529,
      /^Overloaded$/,
    ],
  ];

  it.each(UNFIT)('without a stream, %s', async (_name, events, status, message) => {
    const emulator = createEmulator({ replies: [reply.events(events)] });
    const response = await ask(emulator, { stream: false });
    expect(response.status).toBe(status);
    expect((await response.json()).error.message).toMatch(message);
  });
});
