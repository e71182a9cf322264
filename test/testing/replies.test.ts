import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { accumulate } from '../../src/message/accumulate.js';
import { toEvents } from '../../src/message/to-events.js';
import {
  createEmulator,
  fault,
  manualClock,
  type Reply,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import type { TextCitation } from '../../src/wire/citations.js';
import type { Message } from '../../src/wire/message.js';
import { ask, eventsIn, PARAMS } from './ask.js';

const THINKING = 'Let me think about it: 2 + 2 is 4.';
const SIGNATURE = expect.stringMatching(/^[A-Za-z0-9+/]{64}$/);
const SERVER_ID = expect.stringMatching(/^srvtoolu_01\d{22}$/);
const TOOL_ID = expect.stringMatching(/^toolu_01\d{22}$/);
const caller = { type: 'direct' };

const CITATIONS: TextCitation[] = [
  {
    type: 'char_location',
    cited_text: 'The grass is green.',
    document_index: 0,
    document_title: null,
    start_char_index: 0,
    end_char_index: 19,
    file_id: null,
  },
];

const MESSAGE: Message = {
  id: 'msg_given',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content: [
    {
      type: 'text',
      text: 'The grass is green, the sky is blue.',
      citations: CITATIONS,
    },
    { type: 'redacted_thinking', data: 'b3BhcXVl' },
  ],
  stop_reason: 'refusal',
  stop_sequence: null,
  stop_details: { type: 'refusal', category: 'cyber', explanation: null },
  usage: { input_tokens: 7, output_tokens: 0, cache_read_input_tokens: 5, brand_new_counter: 3 },
};

const SEARCH_RESULT = {
  type: 'web_search_result',
  url: 'https://example.com',
  title: 'Rain',
  encrypted_content: 'b3BhcXVl',
};

/** Each reply, and what the message must contain. The reply is created again for each request. */
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
  ['text that is empty', () => reply.text(''), { content: [{ type: 'text', text: '' }] }],
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
  [
    'toolUse as the model wrote it',
    () => reply.toolUse('a', '{"n": 1.0}'),
    { content: [{ type: 'tool_use', name: 'a', input: { n: 1 } }], stop_reason: 'tool_use' },
  ],
  [
    'serverTool with its result',
    () => reply.serverTool('web_search', { query: 'rain' }, [SEARCH_RESULT]),
    {
      content: [
        { type: 'server_tool_use', id: SERVER_ID, name: 'web_search', input: { query: 'rain' } },
        { type: 'web_search_tool_result', tool_use_id: SERVER_ID, content: [SEARCH_RESULT] },
      ],
      stop_reason: 'end_turn',
      usage: expect.objectContaining({
        server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
      }),
    },
  ],
  [
    'serverTool without its result',
    () => reply.serverTool('bash_code_execution', { command: 'ls' }, undefined, { id: 'srv_mine' }),
    {
      content: [{ type: 'server_tool_use', id: 'srv_mine', name: 'bash_code_execution', caller }],
      stop_reason: 'pause_turn',
    },
  ],
  [
    'serverTool twice, each with its own result, and text',
    () =>
      reply.sequence(
        reply.serverTool('tool_search_tool_regex', { pattern: 'a' }, 'A', { id: 'srv_a' }),
        reply.serverTool('web_fetch', { url: 'b' }, 'B', { id: 'srv_b' }),
        reply.text('Done.'),
      ),
    {
      content: [
        { type: 'server_tool_use', id: 'srv_a' },
        { type: 'tool_search_tool_result', tool_use_id: 'srv_a', content: 'A' },
        { type: 'server_tool_use', id: 'srv_b' },
        { type: 'web_fetch_tool_result', tool_use_id: 'srv_b', content: 'B' },
        { type: 'text', text: 'Done.' },
      ],
      stop_reason: 'end_turn',
    },
  ],
  [
    'citations',
    () => reply.citations('Green, blue.', CITATIONS),
    {
      content: [{ type: 'text', text: 'Green, blue.', citations: CITATIONS }],
      stop_reason: 'end_turn',
    },
  ],
  [
    'citations of none',
    () => reply.citations('Green.', []),
    { content: [{ type: 'text', text: 'Green.', citations: [] }] },
  ],
  [
    'block',
    () => reply.block({ type: 'redacted_thinking', data: 'b3BhcXVl' }),
    { content: [{ type: 'redacted_thinking', data: 'b3BhcXVl' }], stop_reason: 'end_turn' },
  ],
  [
    'refusal',
    () => reply.refusal(),
    {
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: null },
    },
  ],
  [
    'refusal after some text',
    () => reply.refusal({ text: 'I could', category: 'cyber', explanation: 'No.' }),
    {
      content: [{ type: 'text', text: 'I could' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: 'cyber', explanation: 'No.' },
    },
  ],
  [
    'maxTokens of a text',
    () => reply.maxTokens('It was a dark and'),
    { content: [{ type: 'text', text: 'It was a dark and' }], stop_reason: 'max_tokens' },
  ],
  [
    'maxTokens of a tool call',
    () => reply.maxTokens(reply.toolUse('a', { n: 1 }, { model: 'claude-next' })),
    {
      content: [{ type: 'tool_use', name: 'a', input: { n: 1 } }],
      stop_reason: 'max_tokens',
      model: 'claude-next',
    },
  ],
  ['message', () => reply.message(MESSAGE), MESSAGE],
  ['events', () => reply.events(toEvents(MESSAGE)), MESSAGE],
  [
    'faulty',
    () => reply.faulty(reply.message(MESSAGE), fault.comments(), fault.chunks(3)),
    MESSAGE,
  ],
  ['paced', () => reply.paced(reply.message(MESSAGE), { jitter: 1 }), MESSAGE],
];

it('has a case for every reply, except errors (errors.test.ts) and raw replies (below)', () => {
  const made = new Set(['error', 'raw', ...CASES.map(([name]) => name.split(' ')[0])]);
  expect([...made].sort()).toEqual(Object.keys(reply).sort());
});

const emulate = (make: () => Reply): ReturnType<typeof createEmulator> =>
  createEmulator({ replies: [make()] });

describe.each(CASES)('reply.%s', (_name, make, expected) => {
  let server: Server;
  beforeAll(async () => {
    server = await serve(createEmulator({ replies: make }));
  });
  afterAll(() => server.close());

  it('accumulates into its message', async () => {
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

it('reply.citations streams each citation after the text', async () => {
  const events = await eventsIn(
    await ask(emulate(() => reply.citations('Blue.', [...CITATIONS, ...CITATIONS]))),
  );
  const deltas = events.flatMap((event) =>
    event.type === 'content_block_delta' ? [event.delta] : [],
  );
  expect(deltas).toEqual([
    { type: 'text_delta', text: 'Blue.' },
    ...[...CITATIONS, ...CITATIONS].map((citation) => ({ type: 'citations_delta', citation })),
  ]);
});

it('reply.toolUse streams its JSON, cut or not, and ends its block', async () => {
  for (const json of ['{"n": 1.0}', '{"city": "San Fr', 'no JSON']) {
    const events = await eventsIn(await ask(emulate(() => reply.toolUse('a', json))));
    const written = events.map((event) =>
      event.type === 'content_block_delta'
        ? (event.delta as { partial_json: string }).partial_json
        : '',
    );
    expect(written.join('')).toBe(json);
    expect(events.at(-3)?.type).toBe('content_block_stop');
  }
});

it('reply.raw sends its status, headers and bytes, and waits as it says', async () => {
  const clock = manualClock();
  const body = ['a: ü', 50, Uint8Array.of(0xff)];
  const emulator = createEmulator({ clock, replies: [reply.raw(218, { 'x-a': 'b' }, body)] });
  const response = await ask(emulator);
  expect([response.status, response.headers.get('x-a')]).toEqual([218, 'b']);
  expect(response.headers.get('request-id')).toMatch(/^req_01/);
  const bytes = response.arrayBuffer();
  await clock.waiting();
  await clock.advance(49);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  expect(Buffer.from(await bytes).toString('latin1')).toBe('a: \xc3\xbc\xff');
});
