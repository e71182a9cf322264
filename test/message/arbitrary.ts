import fc from 'fast-check';
import type {
  UntypedBlock,
  UntypedDelta,
  UntypedEvent,
  UntypedMessage,
} from '../../src/message/untyped.js';
import {
  asInput,
  block,
  MESSAGE,
  messageDelta,
  messageStart,
  messageStop,
  ping,
} from './events.js';

/* Random streams that keep to the protocol, and random finished messages. */

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const jsonValue = fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' });
const citation = fc.record({ type: fc.constant('char_location'), cited_text: text });
const unknownDelta = fc.record({ type: fc.constant('brand_new_delta'), x: fc.nat() });

const many = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { maxLength: 6 });

/** A tool's JSON in fragments: whole, cut short, or broken. */
const fragments = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: jsonValue.map((value) => JSON.stringify(value)) },
      fc.constantFrom('', '{"a": [1, "b', '{"a": }', '{"a": 1} x'),
    ),
    fc.array(fc.nat({ max: 8 }), { maxLength: 5 }),
  )
  .map(([json, cuts]) => {
    const parts: string[] = [];
    for (const cut of cuts) {
      parts.push(json.slice(0, cut));
      json = json.slice(cut);
    }
    return [...parts, json];
  });

const jsonDeltas = fc.oneof(
  fragments.map((parts) =>
    parts.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  ),
  fc.constant<UntypedDelta[]>([]),
);

const textStart = fc.constantFrom<UntypedBlock[]>(
  { type: 'text', text: '', citations: null },
  { type: 'text', text: 'start ', citations: [] },
  { type: 'text', text: '', citations: [{ type: 'char_location', cited_text: 'first' }] },
);
const toolStart = fc.constantFrom<UntypedBlock[]>(
  { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { given: [1] } },
  { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'f', server_name: 's', input: {} },
);

type Plan = [start: UntypedBlock, deltas: UntypedDelta[]];

const plan: fc.Arbitrary<Plan> = fc.oneof(
  fc.tuple(
    textStart,
    many<UntypedDelta>(
      fc.oneof(
        text.map((part) => ({ type: 'text_delta', text: part })),
        citation.map((part) => ({ type: 'citations_delta', citation: part })),
        unknownDelta,
      ),
    ),
  ),
  fc.tuple(
    fc.constant<UntypedBlock>({ type: 'thinking', thinking: '', signature: '' }),
    many<UntypedDelta>(
      fc.oneof(
        text.map((part) => ({ type: 'thinking_delta', thinking: part })),
        text.map((signature) => ({ type: 'signature_delta', signature })),
      ),
    ),
  ),
  fc.tuple(toolStart, jsonDeltas),
  fc.tuple(
    fc.constant<UntypedBlock>({ type: 'compaction', content: null, encrypted_content: 'x' }),
    many<UntypedDelta>(
      fc.oneof(
        fc.record({ type: fc.constant('compaction_delta'), content: fc.option(text) }),
        fc.record({
          type: fc.constant('compaction_delta'),
          content: fc.option(text),
          encrypted_content: fc.option(text),
        }),
      ),
    ),
  ),
  fc.tuple(
    fc.constantFrom<UntypedBlock[]>(
      { type: 'redacted_thinking', data: 'x' },
      { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ type: 'x' }] },
      { type: 'brand_new', some: { thing: 1 } },
    ),
    many<UntypedDelta>(unknownDelta),
  ),
);

const nullable = fc.option(fc.nat({ max: 99 }));
const container = fc.option(fc.constantFrom({ id: 'a' }, { id: 'b' }));
const stop = fc.record(
  {
    stop_reason: fc.constantFrom('end_turn', 'tool_use', 'new_reason', null),
    stop_sequence: fc.option(text),
    stop_details: fc.option(fc.constant({ type: 'refusal', category: null, explanation: 'no' })),
    container,
  },
  { requiredKeys: [] },
);
const usage = fc.record(
  { input_tokens: nullable, output_tokens: nullable, new_counter: nullable },
  { requiredKeys: [] },
);
const additions = fc.record(
  { context_management: fc.option(fc.constant({ applied_edits: [] })), brand_new: nullable },
  { requiredKeys: [] },
);

const extra: fc.Arbitrary<UntypedEvent> = fc.oneof(
  fc.constant(ping),
  fc.record({ type: fc.constant('brand_new_event'), n: fc.nat() }),
  fc
    .tuple(stop, fc.option(usage), additions)
    .map(([change, counters, more]) => messageDelta(change, counters, more)),
  fc.constant(messageStart({ model: 'sent twice' })),
);

/**
 * Events of a message, in any order that is allowed: blocks take turns and come in any order of
 * their indexes; unknown events, pings, repeated starts and message_deltas come anywhere.
 */
export const eventSequence: fc.Arbitrary<UntypedEvent[]> = fc
  .record({
    plans: fc.array(plan, { maxLength: 5 }),
    indexes: fc.uniqueArray(fc.nat({ max: 20 }), { minLength: 5, maxLength: 5 }),
    turns: fc.infiniteStream(fc.nat({ max: 5 })),
    extras: fc.array(extra, { maxLength: 6 }),
    isWhole: fc.boolean(),
  })
  .map(({ plans, indexes, turns, extras, isWhole }) => {
    const queues = plans.map(([start, deltas], i) => {
      const id = 'id' in start ? { id: `${start.id}_${i}` } : {};
      return block(indexes[i] ?? 0, { ...start, ...id }, ...deltas);
    });
    const events = [messageStart({ container: { id: '0' } })];
    // Taken from a copy: what was generated is what shrinking starts from.
    const others = [...extras];
    for (const turn of turns) {
      const waiting = [...queues, others].filter((queue) => queue.length > 0);
      if (waiting.length === 0) break;
      const next = waiting[turn % waiting.length]?.shift();
      if (next !== undefined) events.push(next);
    }
    return isWhole ? [...events, messageStop] : events;
  });

const finishedBlock: fc.Arbitrary<UntypedBlock> = fc.oneof(
  fc.record({
    type: fc.constant('text'),
    text,
    citations: fc.option(fc.array(citation, { maxLength: 3 })),
  }),
  fc.record({ type: fc.constant('text'), text }),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: text }),
  fc.record({ type: fc.constant('redacted_thinking'), data: text }),
  fc.record({
    type: fc.constant('tool_use'),
    id: fc.uuid(),
    name: text.map((name) => name.trim()),
    input: jsonValue.map(asInput),
  }),
  fc.record({
    type: fc.constant('server_tool_use'),
    id: text,
    name: text,
    input: jsonValue.map(asInput),
  }),
  fc.record({
    type: fc.constant('mcp_tool_use'),
    id: text,
    name: text,
    input: jsonValue.map(asInput),
  }),
  fc.record({ type: fc.constant('web_search_tool_result'), tool_use_id: text, content: jsonValue }),
  fc.record({
    type: fc.constant('compaction'),
    content: fc.option(text),
    encrypted_content: fc.option(text),
  }),
  fc.record({ type: fc.constant('compaction'), content: fc.option(text) }),
  fc.record({ type: fc.constant('brand_new'), some: jsonValue, input: jsonValue.map(asInput) }),
);

/** A finished message: what the API could have answered without streaming. */
export const finishedMessage: fc.Arbitrary<UntypedMessage> = fc
  .record({
    content: fc.array(finishedBlock, { maxLength: 5 }),
    fallback: fc.boolean(),
    stop_reason: fc.constantFrom('end_turn', 'max_tokens', 'new_reason'),
    stop_sequence: fc.option(text),
    more: fc.record(
      {
        container: fc.option(fc.constant({ id: 'c' })),
        stop_details: fc.option(fc.constant({ type: 'refusal', category: 'bio' })),
        context_management: fc.option(fc.constant({ applied_edits: [] })),
        brand_new: jsonValue,
      },
      { requiredKeys: [] },
    ),
    usage: fc.record(
      {
        input_tokens: fc.nat(),
        output_tokens: fc.nat(),
        cache_read_input_tokens: nullable,
        new_counter: jsonValue,
      },
      { requiredKeys: ['input_tokens', 'output_tokens'] },
    ),
  })
  .map(({ content, fallback, more, ...fields }) => {
    const { stop_details: _, container: __, ...message } = MESSAGE;
    const moved = { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } };
    const whole = {
      ...message,
      ...fields,
      ...more,
      ...(fallback ? { model: 'b' } : {}),
      content: fallback ? [...content, moved] : content,
    };
    return JSON.parse(JSON.stringify(whole));
  });
