import { describe, expect, it } from 'vitest';
import { accumulate } from '../../src/message/accumulate.js';
import { mayPrefill } from '../../src/message/may-prefill.js';
import {
  createEmulator,
  type EmulatorOptions,
  parseFaults,
  type Reply,
  reply,
} from '../../src/testing/index.js';
import { MODEL_ROWS } from '../../src/testing/model/model-rows.js';
import type { Message } from '../../src/wire/message.js';
import { ask, eventsIn, HEADERS } from './ask.js';

const OLD = 'claude-opus-4-5';
const USER = { role: 'user', content: 'Tell me a story' };

/** The message that a request gets, streamed and not: they must be equal. */
async function given(replies: Reply, params: object): Promise<Message> {
  const whole = await (
    await ask(createEmulator({ replies: [replies] }), { ...params, stream: false })
  ).json();
  const streamed = accumulate(
    await eventsIn(await ask(createEmulator({ replies: [replies] }), params)),
  );
  expect(streamed).toEqual(whole);
  return whole as Message;
}

describe('stop_sequences and max_tokens', () => {
  const TEXT = 'One two three four. STOP and more';
  const CASES: [name: string, reply: Reply, params: object, expected: object][] = [
    [
      'a stop sequence cuts the text before it',
      reply.text(TEXT),
      { stop_sequences: ['more', 'STOP'] },
      {
        content: [{ type: 'text', text: 'One two three four. ' }],
        stop_reason: 'stop_sequence',
        stop_sequence: 'STOP',
      },
    ],
    [
      'a stop sequence at the start leaves nothing',
      reply.text(TEXT),
      { stop_sequences: ['One'] },
      { content: [], stop_reason: 'stop_sequence', stop_sequence: 'One' },
    ],
    [
      'a stop sequence is not looked for in thinking',
      reply.sequence(reply.thinking('STOP'), reply.text('Go')),
      { stop_sequences: ['STOP'] },
      { stop_reason: 'end_turn' },
    ],
    [
      'max_tokens cuts at 4 characters a token',
      reply.text(TEXT),
      { max_tokens: 2 },
      {
        content: [{ type: 'text', text: 'One two ' }],
        stop_reason: 'max_tokens',
        usage: expect.objectContaining({ output_tokens: 2 }),
      },
    ],
    [
      'max_tokens that is large enough does not cut',
      reply.text('12345678'),
      { max_tokens: 2 },
      { stop_reason: 'end_turn' },
    ],
    [
      'max_tokens splits no character',
      reply.text('123🌍5'),
      { max_tokens: 1 },
      { content: [{ type: 'text', text: '123' }] },
    ],
    [
      'max_tokens comes before a later stop sequence',
      reply.text(TEXT),
      { max_tokens: 2, stop_sequences: ['STOP'] },
      { stop_reason: 'max_tokens', stop_sequence: null },
    ],
    [
      'max_tokens 0 writes nothing',
      reply.text(TEXT),
      { max_tokens: 0 },
      { content: [], stop_reason: 'max_tokens' },
    ],
    [
      'max_tokens drops the blocks after it',
      reply.sequence(reply.text('1234'), reply.toolUse('a', { b: 1 })),
      { max_tokens: 1 },
      {
        content: [
          { type: 'text', text: '1234' },
          { type: 'tool_use', input: {} },
        ],
        stop_reason: 'max_tokens',
      },
    ],
  ];
  it.each(CASES)('%s', async (_, replies, params, expected) => {
    expect(await given(replies, params)).toMatchObject(expected);
  });

  it('cuts the JSON of a tool call in the middle, and ends its block', async () => {
    const replies = [reply.toolUse('get', { city: 'San Francisco' })];
    const events = await eventsIn(await ask(createEmulator({ replies }), { max_tokens: 4 }));
    const json = events
      .map((event) => (event as { delta?: { partial_json?: string } }).delta?.partial_json ?? '')
      .join('');
    expect(json).toBe('{"city":"San Fra');
    expect(events.map(({ type }) => type).slice(-3)).toEqual([
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });
});

describe('a request for the rest of a reply', () => {
  const STORY = 'Once upon a time there was a miller. He ground. The end.';
  const CUT = 'Once upon a time there';
  const CONTINUE = { role: 'user', content: 'Your previous response was interrupted. Continue.' };
  const THOUGHTS = reply.sequence(
    reply.thinking('Hm.'),
    reply.text(STORY),
    reply.toolUse('a', { b: 1 }),
  );
  const answered = (...content: object[]) => ({ role: 'assistant', content });
  const text = (text: string) => ({ type: 'text', text });

  /** What the second request gets after the first one got the story. */
  async function rest(
    turns: object[],
    first: Reply = reply.text(STORY),
    options: Partial<EmulatorOptions> = {},
    own: object[] = [],
  ): Promise<unknown[]> {
    const emulator = createEmulator({ replies: [first, reply.text('the next reply')], ...options });
    await (await ask(emulator, { model: OLD, messages: [USER, ...own] })).text();
    const params = { model: OLD, messages: [USER, ...turns], stream: false };
    const { content } = (await (await ask(emulator, params)).json()) as Message;
    return content.map((block) => ('text' in block ? block.text : block.type));
  }

  const REST = STORY.slice(CUT.length);
  const NEXT = ['the next reply'];
  const overlap = { continuation: { overlap: 6 } };
  const CASES: [name: string, expected: unknown[], given: () => Promise<unknown[]>][] = [
    ['as a prefill', [REST], () => rest([{ role: 'assistant', content: CUT }])],
    ['as a prefill of blocks', [REST], () => rest([answered(text(CUT))])],
    ['in a user turn', [REST], () => rest([answered(text(CUT)), CONTINUE])],
    [
      'with an overlap',
      [` there${REST}`],
      () => rest([answered(text(CUT)), CONTINUE], undefined, overlap),
    ],
    [
      'as a prefill, which has no overlap',
      [REST],
      () => rest([answered(text(CUT))], undefined, overlap),
    ],
    [
      'with blocks after it',
      [REST, 'tool_use'],
      () => rest([answered(text(CUT)), CONTINUE], THOUGHTS),
    ],
    ['between blocks', ['tool_use'], () => rest([answered(text(STORY)), CONTINUE], THOUGHTS)],
    ['that is complete', [], () => rest([answered(text(STORY))])],
    ['that is complete, in a user turn', [], () => rest([answered(text(STORY)), CONTINUE])],
    [
      'that was complete: the next reply',
      NEXT,
      () => rest([answered(text(STORY)), { role: 'user', content: 'Please continue.' }]),
    ],
    [
      'of a turn that was paused: the next reply',
      NEXT,
      () => rest([answered(text(STORY))], reply.text(STORY, { stop_reason: 'pause_turn' })),
    ],
    ['after a fault', [REST], () => rest([answered(text(CUT))], reply.faulty(reply.text(STORY)))],
    [
      "after the caller's own prefill",
      [' time'],
      () =>
        rest([answered(text('Once upon a'))], reply.text(' a time'), {}, [
          answered(text('Once upon')),
        ]),
    ],
    ['that was never sent: the next reply', NEXT, () => rest([answered(text('Never')), CONTINUE])],
    [
      'of another conversation: the next reply',
      NEXT,
      () => rest([USER, answered(text(CUT)), CONTINUE]),
    ],
    ['that asks for something else: the next reply', NEXT, () => rest([answered(text(CUT)), USER])],
    [
      'if continuation is off: the next reply',
      NEXT,
      () => rest([answered(text(CUT))], undefined, { continuation: false }),
    ],
  ];
  it.each(CASES)('%s', async (_, expected, get) => {
    expect(await get()).toEqual(expected);
  });

  it.each<[how: string, turns: (second: number) => object[]]>([
    ['as a prefill of two texts', (second) => [answered(text(CUT), text(REST.slice(0, second)))]],
    [
      'in a user turn after another',
      (second) => [
        ...[answered(text(CUT)), CONTINUE],
        ...[answered(text(REST.slice(0, second))), CONTINUE],
      ],
    ],
  ])('can be cut as well, and continued %s', async (_, turns) => {
    const emulator = createEmulator({ replies: [reply.text(STORY)] });
    const send = async (messages: object[]): Promise<string> => {
      const response = await ask(emulator, { model: OLD, messages, stream: false });
      return (await response.json()).content[0].text;
    };
    await send([USER]);
    await send([USER, answered(text(CUT)), CONTINUE]);
    expect(await send([USER, ...turns(4)])).toBe(REST.slice(4));
  });

  it('can be cut and retried', async () => {
    const emulator = createEmulator({ replies: [reply.text(STORY)] });
    await (await ask(emulator)).text();
    let story = '';
    for (let length = 10; ; length += 10) {
      const messages = [
        { role: 'user', content: 'Hello' },
        answered(text(STORY.slice(0, length))),
        CONTINUE,
      ];
      const { content } = await (await ask(emulator, { messages, stream: false })).json();
      story = STORY.slice(0, length) + (content[0]?.text ?? '');
      expect(story).toBe(STORY);
      if (length + 10 > STORY.length) break;
    }
    emulator.assertDone();
  });
});

describe('a thread', () => {
  const start = { thread: { type: 'create' }, messages: [USER] };
  const goOn = (previous_message_id: string, ...messages: object[]) => ({
    thread: { type: 'continue', previous_message_id },
    messages,
  });

  it.each([true, false])('stores the conversation, streamed: %s', async (stream) => {
    const replies = [reply.toolUse('a', {}), reply.text('done')];
    const emulator = createEmulator({ replies });
    const next = async (params: object): Promise<Message> => {
      const response = await ask(emulator, { ...params, stream });
      return stream ? (accumulate(await eventsIn(response)) as Message) : response.json();
    };
    const first = await next(start);
    const [call] = first.content as { id: string }[];
    const result = { type: 'tool_result', tool_use_id: call?.id, content: 'x' };
    const second = await next(goOn(first.id, { role: 'user', content: [result] }));
    expect(second.content).toEqual([{ type: 'text', text: 'done' }]);
    expect(second.usage.input_tokens).toBeGreaterThan(first.usage.input_tokens + 20);
    expect(emulator.requests[1]?.body.messages).toHaveLength(1);
    // The whole conversation is checked.
    const bad = await ask(emulator, goOn(first.id, USER));
    expect((await bad.json()).error.message).toMatch(/^messages\.1: `tool_use` ids were found/);
  });

  it.each([
    ['bom', 200],
    ['gzip', 200],
    ['chunks=1', 200],
    ['json', 200],
    ['garbage@text', 200],
    // What was cut is no message of the thread.
    ['cut@700', 404],
  ])('is served with the fault %s, and goes on: %s', async (spec, status) => {
    const broken = reply.faulty(reply.text('One'), ...[parseFaults(spec)].flat());
    const emulator = createEmulator({ replies: [broken, reply.text('Two')] });
    expect(await (await ask(emulator, start)).text()).toMatch(/"msg_0+1/);
    const id = 'msg_010000000000000000000001';
    expect((await ask(emulator, goOn(id, USER))).status).toBe(status);
  });

  it("that doesn't exist is not found", async () => {
    const response = await ask(createEmulator({ replies: [] }), goOn('msg_x', USER));
    expect([response.status, (await response.json()).error]).toEqual([
      404,
      {
        type: 'not_found_error',
        message: 'thread: no message msg_x is held',
        details: { error_code: 'thread_not_found' },
      },
    ]);
  });
});

describe('the other paths and headers', () => {
  const get = (path: string, options: Partial<EmulatorOptions> = {}) =>
    createEmulator({ replies: [], ...options }).fetch(`http://emulator${path}`, {
      headers: HEADERS,
    });

  it('lists models, and describes one', async () => {
    const models = ['claude-opus-4-8', 'claude-x'];
    const opus = {
      type: 'model',
      id: 'claude-opus-4-8',
      display_name: 'Claude Opus 4.8',
      created_at: '2026-05-28T00:00:00Z',
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      line: 'opus',
      max_input_tokens: 1_000_000,
      max_tokens: 128_000,
    };
    const listed = await (await get('/v1/models', { models })).json();
    expect(listed).toMatchObject({
      data: [opus, { id: 'claude-x', line: null }],
      has_more: false,
      first_id: 'claude-opus-4-8',
      last_id: 'claude-x',
    });
    expect(await (await get('/v1/models/claude-opus-4-8')).json()).toMatchObject(opus);
    expect((await get('/v1/models/none')).status).toBe(404);
  });

  it('finds a model by its alias, and tells what it can do', async () => {
    const { id, capabilities } = await (await get('/v1/models/claude-sonnet-4-5')).json();
    expect(id).toBe('claude-sonnet-4-5-20250929');
    expect(capabilities).toMatchObject({
      effort: { supported: false, xhigh: { supported: false } },
      thinking: {
        supported: true,
        types: { adaptive: { supported: false }, enabled: { supported: true } },
      },
    });
  });

  it('lists models a page at a time, forwards and backwards', async () => {
    const models = ['claude-a', 'claude-b', 'claude-c'];
    const page = async (query: string): Promise<unknown[]> => {
      const { data, has_more } = await (await get(`/v1/models?${query}`, { models })).json();
      return [...data.map(({ id }: { id: string }) => id.slice(-1)), has_more];
    };
    expect(await page('limit=2')).toEqual(['a', 'b', true]);
    expect(await page('limit=2&after_id=claude-b')).toEqual(['c', false]);
    expect(await page('limit=1&before_id=claude-c')).toEqual(['b', true]);
    expect(await page('before_id=claude-b')).toEqual(['a', false]);
    for (const query of ['limit=0', 'limit=x', 'limit=1001', 'after_id=claude-z', 'before_id=z']) {
      expect((await get(`/v1/models?${query}`, { models })).status).toBe(400);
    }
  });

  it('knows of prefill what the client knows', () => {
    for (const { id, prefill } of MODEL_ROWS) {
      const isNamed = id !== 'claude-mythos-preview';
      expect([id, prefill]).toEqual([id, isNamed && mayPrefill(id)]);
    }
  });

  it('takes more facts about models', async () => {
    const modelFacts = [{ id: 'claude-opus-9', maxTokens: 7, sampling: 'any' as const }];
    const emulator = createEmulator({ replies: () => reply.text('a'), modelFacts });
    const status = async (params: object): Promise<number> =>
      (await ask(emulator, { model: 'claude-opus-9', max_tokens: 7, ...params })).status;
    expect(await status({ temperature: 0, top_p: 0.5 })).toBe(200);
    expect(await status({ max_tokens: 8 })).toBe(400);
    const nameless = [{ maxTokens: 7 } as unknown as { id: string }];
    expect(() => createEmulator({ replies: [], modelFacts: nameless })).toThrow(/needs an id/);
  });

  it('takes betas that are newer, and whatever other servers take', async () => {
    const status = async (options: Partial<EmulatorOptions>): Promise<number> => {
      const emulator = createEmulator({ replies: [reply.text('a')], ...options });
      const headers = { ...HEADERS, 'anthropic-beta': 'new-thing-2027-01-01' };
      return (await ask(emulator, { stream: false }, { headers })).status;
    };
    expect(await status({})).toBe(400);
    expect(await status({ betas: ['new-thing-2027-01-01'] })).toBe(200);
    expect(await status({ checks: false })).toBe(200);
  });

  it('sends rate limits: each request counts as one, errors too', async () => {
    const emulator = createEmulator({ replies: [reply.text('a'), reply.error(529)] });
    const remaining = async () =>
      (await ask(emulator)).headers.get('anthropic-ratelimit-requests-remaining');
    expect([await remaining(), await remaining()]).toEqual(['3999', '3998']);
    const { headers } = await ask(emulator);
    for (const what of ['requests', 'tokens', 'input-tokens', 'output-tokens']) {
      expect(headers.get(`anthropic-ratelimit-${what}-limit`)).toMatch(/^\d+$/);
      expect(Date.parse(headers.get(`anthropic-ratelimit-${what}-reset`) ?? '')).toBeGreaterThan(0);
    }
    expect(headers.get('request-id')).toMatch(/^req_01/);
  });

  it('draws ids from a seed', async () => {
    const idOf = async (seed: number) =>
      (
        await (
          await ask(createEmulator({ replies: [reply.text('a')], seed }), { stream: false })
        ).json()
      ).id;
    expect(await idOf(1)).toMatch(/^msg_01[1-9A-Za-z]{22}$/);
    expect(await idOf(1)).toBe(await idOf(1));
    expect(await idOf(1)).not.toBe(await idOf(2));
  });
});
