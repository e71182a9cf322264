import { describe, expect, it } from 'vitest';
import { accumulate } from '../../src/message/accumulate.js';
import { MessageDraft } from '../../src/message/draft.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../../src/message/untyped.js';
import * as ev from './events.js';

const { textBlock, thinkingBlock, toolBlock } = ev;
const text = (value: string) => ({ type: 'text_delta', text: value });
const thinking = (value: string) => ({ type: 'thinking_delta', thinking: value });
const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });
const citation = (cited_text: string) => ({ type: 'char_location', cited_text });
const cite = (cited_text: string) => ({
  type: 'citations_delta',
  citation: citation(cited_text),
});

describe('what deltas do to their block', () => {
  const compaction = { type: 'compaction', content: null, encrypted_content: 'old' };
  const cases: readonly [rule: string, start: UntypedBlock, deltas: object[], end: object][] = [
    ['text is appended', textBlock, [text('a'), text(''), text('b')], { text: 'ab' }],
    ['text is appended to the start', { ...textBlock, text: '(' }, [text('a')], { text: '(a' }],
    ['text without a start', { type: 'text' }, [text('a'), text('b')], { text: 'ab' }],
    ['thinking is appended', thinkingBlock, [thinking('a'), thinking('b')], { thinking: 'ab' }],
    [
      'each kind goes to its own field, in whatever order',
      textBlock,
      [text('a'), cite('b'), text('c'), cite('d')],
      { text: 'ac', citations: [citation('b'), citation('d')] },
    ],
    [
      'a signature is replaced',
      thinkingBlock,
      [
        { type: 'signature_delta', signature: 'a' },
        { type: 'signature_delta', signature: 'b' },
      ],
      { thinking: '', signature: 'b' },
    ],
    ['citations are none at first', textBlock, [text('a')], { text: 'a', citations: null }],
    [
      'citations are appended',
      textBlock,
      [cite('a'), text('t'), cite('b')],
      { text: 't', citations: [citation('a'), citation('b')] },
    ],
    [
      'citations are appended to the start',
      { ...textBlock, citations: [citation('a')] },
      [cite('b')],
      { citations: [citation('a'), citation('b')] },
    ],
    [
      'input is what the JSON says',
      toolBlock,
      [json('{"a":'), json(' [1]}')],
      { input: { a: [1] } },
    ],
    [
      'input replaces the start',
      { ...toolBlock, input: { b: 2 } },
      [json('{"a":1}')],
      { input: { a: 1 } },
    ],
    ['input may be any JSON', toolBlock, [json('"a"')], { input: 'a' }],
    ['only empty fragments mean {}', toolBlock, [json(''), json('')], { input: {} }],
    [
      'empty fragments take no input back',
      { ...toolBlock, input: { b: 2 } },
      [json(''), json('')],
      { input: { b: 2 } },
    ],
    ['no fragment keeps the input', { ...toolBlock, input: { b: 2 } }, [], { input: { b: 2 } }],
    [
      'server tools have input too',
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      [json('{"query":"x"}')],
      { input: { query: 'x' } },
    ],
    [
      'so have MCP tools (beta)',
      { type: 'mcp_tool_use', id: 'm', name: 'n', server_name: 's', input: {} },
      [json('{"a":1}')],
      { input: { a: 1 } },
    ],
    [
      'so may blocks that start without input',
      { type: 'brand_new_use', id: 'n' },
      [json('{"a":1}')],
      { input: { a: 1 } },
    ],
    [
      'compaction replaces the content (beta)',
      compaction,
      [
        { type: 'compaction_delta', content: 'a' },
        { type: 'compaction_delta', content: 'b' },
      ],
      { content: 'b', encrypted_content: 'old' },
    ],
    [
      'compaction replaces encrypted_content where the key is present (beta)',
      compaction,
      [{ type: 'compaction_delta', content: 'a', encrypted_content: null }],
      { content: 'a', encrypted_content: null },
    ],
    [
      'a compaction may fail (beta)',
      { ...compaction, content: 'a' },
      [{ type: 'compaction_delta', content: null, encrypted_content: 'x' }],
      { content: null, encrypted_content: 'x' },
    ],
    [
      'estimated_tokens is not part of the message (beta)',
      thinkingBlock,
      [
        { ...thinking('a'), estimated_tokens: 7 },
        { ...thinking(''), estimated_tokens: null },
      ],
      { thinking: 'a', signature: '' },
    ],
    [
      'unknown deltas change nothing',
      textBlock,
      [text('a'), { type: 'new_delta', text: 'b' }],
      { text: 'a' },
    ],
    [
      'unknown blocks stay as they came',
      { type: 'brand_new', some: { thing: [1, null] } },
      [{ type: 'brand_new_delta', x: 1 }],
      {},
    ],
  ];
  it.each(cases)('%s', (_, start, deltas, end) => {
    expect(ev.blockOf(start, ...(deltas as UntypedBlock[]))).toStrictEqual({ ...start, ...end });
  });
});

describe('what a message_delta does to the message', () => {
  const usage = ev.MESSAGE.usage;
  const container = { id: 'c', expires_at: '2026-11-01T00:00:00Z' };
  const refusal = { type: 'refusal', category: 'cyber', explanation: null };
  const cases: readonly [rule: string, deltas: UntypedEvent[], end: object][] = [
    [
      'stop fields are overwritten',
      [ev.messageDelta({ stop_reason: 'refusal', stop_sequence: '#', stop_details: refusal })],
      { stop_reason: 'refusal', stop_sequence: '#', stop_details: refusal },
    ],
    [
      'not with null',
      [
        ev.messageDelta({ stop_reason: 'stop_sequence', stop_sequence: '#' }),
        ev.messageDelta({ stop_reason: 'end_turn', stop_sequence: null }),
      ],
      { stop_reason: 'end_turn', stop_sequence: '#' },
    ],
    [
      'what is absent stays',
      [ev.messageDelta({ stop_reason: 'end_turn' }), ev.messageDelta({}, { output_tokens: 9 })],
      { stop_reason: 'end_turn', usage: { ...usage, output_tokens: 9 } },
    ],
    [
      'an unknown stop reason',
      [ev.messageDelta({ stop_reason: 'new_one' })],
      { stop_reason: 'new_one' },
    ],
    ['an unknown stop field', [ev.messageDelta({ stop_mood: 'fine' })], { stop_mood: 'fine' }],
    ['the container', [ev.messageDelta({ container })], { container }],
    [
      'not with null',
      [ev.messageDelta({ container }), ev.messageDelta({ container: null })],
      { container },
    ],
    [
      'usage is overwritten, never added, and not with null',
      [
        ev.messageDelta({}, { input_tokens: null, output_tokens: 20, cache_read_input_tokens: 3 }),
        ev.messageDelta({}, { output_tokens: 25, cache_read_input_tokens: null }),
      ],
      { usage: { input_tokens: 10, output_tokens: 25, cache_read_input_tokens: 3 } },
    ],
    [
      'unknown usage counters, nested ones as a whole',
      [
        ev.messageDelta({}, { new_counter: 1, server_tool_use: { web_search_requests: 1, a: 1 } }),
        ev.messageDelta({}, { new_counter: 2, server_tool_use: { web_search_requests: 2 } }),
      ],
      { usage: { ...usage, new_counter: 2, server_tool_use: { web_search_requests: 2 } } },
    ],
    [
      'no usage at all',
      [ev.messageDelta({ stop_reason: 'end_turn' })],
      { stop_reason: 'end_turn' },
    ],
    [
      'null usage',
      [ev.messageDelta({ stop_reason: 'end_turn' }, null)],
      { stop_reason: 'end_turn' },
    ],
    [
      'context_management and input_transformations (beta)',
      [
        ev.messageDelta({}, {}, { context_management: { applied_edits: [] } }),
        ev.messageDelta(
          {},
          {},
          { context_management: null, input_transformations: [{ type: 'x' }] },
        ),
        ev.messageDelta({}, {}, { input_transformations: null }),
      ],
      { context_management: { applied_edits: [] }, input_transformations: [{ type: 'x' }] },
    ],
    ['an unknown addition', [ev.messageDelta({}, {}, { brand_new: 1 })], { brand_new: 1 }],
    [
      'a delta that is null',
      [{ type: 'message_delta', delta: null, usage: { output_tokens: 2 } }],
      {
        usage: { ...usage, output_tokens: 2 },
      },
    ],
  ];
  it.each(cases)('%s', (_, deltas, end) => {
    expect(ev.accumulated([ev.messageStart(), ...deltas])).toStrictEqual({ ...ev.MESSAGE, ...end });
  });
});

describe('the message', () => {
  const zero = { input_tokens: 0, output_tokens: 0 };
  const { usage: _, ...withoutUsage } = ev.MESSAGE;
  const cases: readonly [rule: string, events: UntypedEvent[], message: object][] = [
    ['starts as it came', [ev.messageStart({ brand_new: 1 })], { ...ev.MESSAGE, brand_new: 1 }],
    [
      'may come without usage',
      [{ type: 'message_start', message: withoutUsage }],
      { ...withoutUsage, usage: zero },
    ],
    [
      'may come with null usage, and get it later',
      [
        { type: 'message_start', message: { ...withoutUsage, usage: null } },
        ev.messageDelta({}, { output_tokens: 3 }),
      ],
      { ...withoutUsage, usage: { ...zero, output_tokens: 3 } },
    ],
    [
      'may start again with the same id',
      [
        ev.messageStart(),
        ...ev.block(0, textBlock, text('a')),
        ev.messageStart({ model: 'other' }),
      ],
      { ...ev.MESSAGE, content: [{ ...textBlock, text: 'a' }] },
    ],
    [
      'has its blocks by index, not by arrival',
      [
        ev.messageStart(),
        ev.blockStart(2, textBlock),
        ev.blockStart(0, textBlock),
        ev.textDelta(2, 'c'),
        ev.blockStart(1, textBlock),
        ev.textDelta(0, 'a'),
        ev.textDelta(1, 'b'),
        ev.textDelta(2, 'C'),
      ],
      { ...ev.MESSAGE, content: ['a', 'b', 'cC'].map((t) => ({ ...textBlock, text: t })) },
    ],
    [
      'has no holes',
      [
        ev.messageStart(),
        ...ev.block(7, textBlock, text('b')),
        ...ev.block(3, textBlock, text('a')),
      ],
      { ...ev.MESSAGE, content: ['a', 'b'].map((t) => ({ ...textBlock, text: t })) },
    ],
    [
      'may come with content, which goes on',
      [
        ev.messageStart({ content: [{ ...toolBlock, input: { a: 1 } }] }),
        ...ev.block(1, textBlock, text('b')),
      ],
      {
        ...ev.MESSAGE,
        content: [
          { ...toolBlock, input: { a: 1 } },
          { ...textBlock, text: 'b' },
        ],
      },
    ],
    [
      'is of another model from a fallback on (beta)',
      [
        ev.messageStart({ model: 'a' }),
        ev.blockStart(0, { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }),
      ],
      {
        ...ev.MESSAGE,
        model: 'b',
        content: [{ type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }],
      },
    ],
    [
      'keeps its model where a fallback names none',
      [
        ev.messageStart(),
        ev.blockStart(0, { type: 'fallback' }),
        ev.blockStart(1, { type: 'fallback', to: null }),
      ],
      { ...ev.MESSAGE, content: [{ type: 'fallback' }, { type: 'fallback', to: null }] },
    ],
    [
      'is not changed by pings and unknown events, which may come first',
      [
        ev.ping,
        { type: 'brand_new', index: 0 },
        ev.messageStart(),
        ev.ping,
        { type: 'brand_new', delta: {} },
        { type: 'constructor' },
        ev.messageStop,
      ],
      ev.MESSAGE,
    ],
  ];
  it.each(cases)('%s', (_, events, message) => {
    expect(ev.accumulated(events)).toStrictEqual(message);
  });

  it('is there at any time, and undefined before it starts', () => {
    expect(accumulate([])).toBeUndefined();
    expect(accumulate([{ type: 'ping' }])).toBeUndefined();
    const draft = new MessageDraft();
    expect(draft.snapshot).toBeUndefined();
    expect(draft.block(0)).toBeUndefined();
    draft.apply(ev.messageStart());
    draft.apply(ev.blockStart(0, textBlock));
    draft.apply(ev.textDelta(0, 'a'));
    expect(draft.snapshot?.content).toStrictEqual([{ ...textBlock, text: 'a' }]);
    expect(draft.block(0)).toBe(draft.snapshot?.content[0]);
    expect(draft.block(1)).toBeUndefined();
  });

  it('tells which events only repeat what is known', () => {
    const draft = new MessageDraft();
    const { type } = { type: 'brand_new' };
    const told = [ev.ping, ev.messageStart(), ev.messageStart(), { type }, ev.messageStop].map(
      (event) => draft.apply(event),
    );
    expect(told).toStrictEqual([true, true, false, true, true]);
  });

  it('cannot be made to change what all objects inherit', () => {
    const evil = JSON.parse('{"__proto__": {"polluted": 1}, "output_tokens": 2}');
    const message = ev.accumulated([
      ev.messageStart(),
      ev.messageDelta(evil, evil, { extra: evil }),
    ]);
    expect((message.usage as UntypedMessage['usage'])?.output_tokens).toBe(2);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((message as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
