import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { accumulate } from '../../src/message/accumulate.js';
import { replay } from '../../src/message/replay.js';
import { createEmulator, type Reply, reply, type Server, serve } from '../../src/testing/index.js';
import type { Message } from '../../src/wire/message.js';
import { ask, eventsIn, PARAMS } from './ask.js';

const THINKING = 'Let me think about it: 2 + 2 is 4.';
const SIGNATURE = expect.stringMatching(/^[A-Za-z0-9+/]{64}$/);
const TOOL_ID = expect.stringMatching(/^toolu_01\d{22}$/);
const caller = { type: 'direct' };

const GIVEN: Message = {
  id: 'msg_given',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content: [
    {
      type: 'text',
      text: 'The grass is green, the sky is blue.',
      citations: [
        {
          type: 'char_location',
          cited_text: 'The grass is green.',
          document_index: 0,
          document_title: null,
          start_char_index: 0,
          end_char_index: 19,
          file_id: null,
        },
      ],
    },
    { type: 'redacted_thinking', data: 'b3BhcXVl' },
  ],
  stop_reason: 'refusal',
  stop_sequence: null,
  stop_details: { type: 'refusal', category: 'cyber', explanation: null },
  usage: { input_tokens: 7, output_tokens: 0, cache_read_input_tokens: 5, brand_new_counter: 3 },
};

/** Each reply, and what the message must have. The reply is made anew for each request. */
const CASES: [name: string, make: () => Reply, expected: object][] = [
  [
    'text',
    () => reply.text('Hello there, 🌍!\n\nHow are you?'),
    {
      content: [{ type: 'text', text: 'Hello there, 🌍!\n\nHow are you?' }],
      stop_reason: 'end_turn',
      model: PARAMS.model,
    },
  ],
  ['empty text', () => reply.text(''), { content: [{ type: 'text', text: '' }] }],
  [
    'text with options',
    () =>
      reply.text('Hello', {
        model: 'claude-next',
        stop_reason: 'stop_sequence',
        stop_sequence: '###',
        usage: { output_tokens: 99, cache_read_input_tokens: 12 },
      }),
    {
      model: 'claude-next',
      stop_reason: 'stop_sequence',
      stop_sequence: '###',
      usage: expect.objectContaining({ output_tokens: 99, cache_read_input_tokens: 12 }),
    },
  ],
  [
    'thinking',
    () => reply.thinking(THINKING),
    { content: [{ type: 'thinking', thinking: THINKING, signature: SIGNATURE }] },
  ],
  [
    'thinking with a signature',
    () => reply.thinking('', { signature: 'c2ln' }),
    { content: [{ type: 'thinking', thinking: '', signature: 'c2ln' }] },
  ],
  [
    'toolUse',
    () => reply.toolUse('get_weather', { city: 'San José 🌁', days: [1, 2], unit: null }),
    {
      content: [
        {
          type: 'tool_use',
          id: TOOL_ID,
          name: 'get_weather',
          input: { city: 'San José 🌁', days: [1, 2], unit: null },
          caller,
        },
      ],
      stop_reason: 'tool_use',
    },
  ],
  [
    'toolUse without arguments, with an id',
    () => reply.toolUse('get_time', {}, { id: 'toolu_mine' }),
    { content: [{ type: 'tool_use', id: 'toolu_mine', name: 'get_time', input: {}, caller }] },
  ],
  [
    'toolUse that was cut',
    () => reply.toolUse('get_time', {}, { stop_reason: 'max_tokens' }),
    { stop_reason: 'max_tokens' },
  ],
  [
    'sequence',
    () =>
      reply.sequence(
        reply.thinking(THINKING),
        reply.text('I look.'),
        reply.sequence(reply.toolUse('a', { n: 1 }), reply.toolUse('b', { n: 2 })),
      ),
    {
      content: [
        { type: 'thinking', thinking: THINKING, signature: SIGNATURE },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: TOOL_ID, name: 'a', input: { n: 1 }, caller },
        { type: 'tool_use', id: TOOL_ID, name: 'b', input: { n: 2 }, caller },
      ],
      stop_reason: 'tool_use',
    },
  ],
  [
    'sequence that ends with text',
    () =>
      reply.sequence(reply.toolUse('a', {}, { stop_reason: 'pause_turn' }), reply.text('Done.')),
    { stop_reason: 'pause_turn' },
  ],
  ['sequence of nothing', () => reply.sequence(), { content: [], stop_reason: 'end_turn' }],
  ['message', () => reply.message(GIVEN), GIVEN],
  ['events', () => reply.events(replay(GIVEN)), GIVEN],
];

const emulate = (make: () => Reply): ReturnType<typeof createEmulator> =>
  createEmulator({ replies: [make()] });

describe.each(CASES)('reply.%s', (_name, make, expected) => {
  let server: Server;
  beforeAll(async () => {
    server = await serve(createEmulator({ replies: make }));
  });
  afterAll(() => server.close());

  it('accumulates to its message', async () => {
    const events = await eventsIn(await ask(emulate(make)));
    expect(accumulate(events)).toMatchObject(expected);
  });

  it('is the same message without a stream', async () => {
    const streamed = accumulate(await eventsIn(await ask(emulate(make))));
    const response = await ask(emulate(make), { stream: false });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(streamed);
  });

  it('reaches the client through its fetch', async () => {
    const client = new Anthropic({ fetch: emulate(make).fetch, apiKey: 'test' });
    const message = await client.messages.stream(PARAMS).getFinalMessage();
    expect(message).toMatchObject(expected);
  });

  it('reaches the client over a socket', async () => {
    const client = new Anthropic({ baseURL: server.url, apiKey: 'test' });
    expect(await client.messages.stream(PARAMS).getFinalMessage()).toMatchObject(expected);
    expect(await client.messages.create(PARAMS)).toMatchObject(expected);
  });
});
