import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiEvents } from '../../src/message/api-events.js';
import { BLOCKS, DELTAS } from '../../src/message/kinds.js';
import { Normalizer } from '../../src/message/normalize.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../../src/message/untyped.js';
import { byTier } from '../support/tier.js';
import { eventSequence } from './arbitrary.js';
import * as ev from './events.js';

/*
 * Whatever is sent, and wherever the Normalizer takes over, the events are those that it makes alone.
 */

const index = fc.oneof(
  { weight: 9, arbitrary: fc.nat(2) },
  fc.constantFrom('0', -1, 1.5, null, undefined),
);
const text = fc.constantFrom('', 'a', '{}', '{"a":1}', '\ud83d', '\ude00', 'b\ud83d');
const delta: fc.Arbitrary<unknown> = fc.oneof(
  text.map((value) => ({ type: 'text_delta', text: value })),
  text.map((value) => ({ type: 'thinking_delta', thinking: value })),
  text.map((value) => ({ type: 'signature_delta', signature: value })),
  text.map((value) => ({ type: 'input_json_delta', partial_json: value })),
  fc.constantFrom<unknown>(
    { type: 'citations_delta', citation: { n: 1 } },
    { type: 'citations_delta', citation: null },
    { type: 'compaction_delta', content: null, encrypted_content: 'x' },
    { type: 'compaction_delta' },
    { type: 'brand_new_delta', x: 1 },
    { type: 'text_delta', text: 1 },
    { type: 'input_json_delta', partial_json: { a: 1 } },
    { text: 'untyped' },
    'no object',
    null,
  ),
);
const start = fc.constantFrom<unknown>(
  ev.textBlock,
  { type: 'text', text: 'early', citations: [{ n: 1 }] },
  { type: 'text' },
  ev.thinkingBlock,
  { type: 'thinking', thinking: 'early', signature: 's' },
  ev.toolBlock,
  { ...ev.toolBlock, id: 'toolu_other' },
  { ...ev.toolBlock, id: '' },
  { ...ev.toolBlock, id: 'toolu_odd', name: ' f\n' },
  { ...ev.toolBlock, id: 'toolu_full', input: { given: 1 } },
  { ...ev.toolBlock, id: 'toolu_none', input: null },
  { ...ev.toolBlock, id: 'toolu_open', inputState: { status: 'open', json: '' } },
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
  { type: 'compaction', content: null },
  { type: 'brand_new', id: ev.toolBlock.id, input: { a: 1 } },
  { text: 'untyped' },
  null,
);
const event: fc.Arbitrary<UntypedEvent> = fc.oneof(
  fc.record({ type: fc.constant('content_block_start'), index, content_block: start }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant('content_block_delta'), index, delta }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('content_block_stop'), index }) },
  fc.constantFrom<UntypedEvent>(
    ev.messageStart(),
    { type: 'message_start' },
    { type: 'message_start', message: { id: 'm', content: [ev.textBlock], usage: {} } },
    ev.messageDelta({ stop_reason: 'tool_use' }, { output_tokens: 7 }),
    ev.messageDelta({ stop_reason: null }, { output_tokens: 0, input_tokens: null }),
    ev.messageStop,
    { type: 'brand_new' },
    ev.ping,
  ),
);

/** An event, or the index of a restart. */
type Sent = UntypedEvent | number;

/** What follows, by chance; mostly in the order in which the API sends it, so that streams go on for long. */
const step = fc.record({ pick: fc.nat(99), nth: fc.nat(9), start, text, event });

function toStream(
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
): Sent[] {
  const types: string[] = [];
  return steps.map(({ pick, nth, start, text, event }): Sent => {
    const index = nth % Math.max(types.length, 1);
    if (pick < 5) return event;
    if (pick < 8) {
      types.length = Math.min(types.length, nth % 3);
      return types.length;
    }
    if (pick < 35 || types.length === 0) {
      types.push(String((start as UntypedBlock | null)?.type));
      return ev.blockStart(types.length - 1, start as UntypedBlock);
    }
    if (pick < 50) return ev.blockStop(index);
    if (pick < 53) return ev.messageDelta({ stop_reason: nth < 5 ? 'tool_use' : 'end_turn' });
    if (pick < 57) return ev.messageStop;
    const kinds = BLOCKS.get(types[index] ?? '')?.deltas ?? ['text_delta', 'input_json_delta'];
    const type = kinds[pick % kinds.length] ?? 'brand_new_delta';
    return ev.delta(index, { type, [DELTAS.get(type)?.brings ?? 'x']: text });
  });
}

/** As a response reads them: deltas of one string that need nothing are not shown to the rules. */
function outcomeOf(sent: readonly Sent[], first: ApiEvents | Normalizer): unknown[] {
  let rules = first;
  const outcome: unknown[] = [];
  try {
    for (const event of sent) {
      if (typeof event === 'number') {
        rules.restart(event);
        continue;
      }
      const { type, ...fields } = (event.delta ?? {}) as UntypedDelta;
      const [value] = Object.values(fields);
      const isWhole = typeof value === 'string' && /[^\ud83d]$/.test(value);
      if (
        event.type === 'content_block_delta' &&
        isWhole &&
        rules.plainIndex === event.index &&
        rules.plainType === type
      ) {
        outcome.push(event);
        continue;
      }
      let events = rules.normalize(event);
      if (events === undefined) {
        rules = new Normalizer(rules as ApiEvents);
        events = rules.normalize(event);
      }
      outcome.push(...events);
    }
    outcome.push(...rules.end());
  } catch (error) {
    outcome.push((error as Error).message, ...rules.end());
  }
  return JSON.parse(JSON.stringify(outcome));
}

// Ids of calls without one are made up.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => vi.restoreAllMocks());

const numRuns = byTier({ fast: 3_000, exhaustive: 30_000 });

describe('the events that the API writes, and the Normalizer from the first other one on', () => {
  it('are those of the Normalizer alone, for any events', () => {
    const ordered = fc.array(step, { maxLength: 14 }).map(toStream);
    const sent = fc.oneof({ weight: 5, arbitrary: ordered }, fc.array<Sent>(event));
    fc.assert(
      fc.property(sent, (events) => {
        const all = [ev.messageStart(), ...events];
        expect(outcomeOf(all, new ApiEvents())).toEqual(outcomeOf(all, new Normalizer()));
        expect(outcomeOf(events, new ApiEvents())).toEqual(outcomeOf(events, new Normalizer()));
      }),
      { numRuns },
    );
  });

  const json = (partial_json: string): UntypedEvent =>
    ev.delta(0, { type: 'input_json_delta', partial_json });
  it.each<[what: string, events: UntypedEvent[]]>([
    [
      'a call with an input and without a stop',
      [ev.blockStart(0, ev.toolBlock), json(''), json('{"a":1}'), json(' ')],
    ],
    ['a call whose start comes twice', [ev.blockStart(0, ev.toolBlock), json('')]],
    [
      'a delta without its field',
      [
        ev.blockStart(0, { type: 'compaction', content: null }),
        ev.delta(0, { type: 'compaction_delta' }),
      ],
    ],
  ])('are those of the Normalizer alone, for %s', (_, events) => {
    for (const last of [ev.messageStop, events[0] as UntypedEvent]) {
      const end = ev.messageDelta({ stop_reason: 'end_turn' });
      const all = [ev.messageStart(), ...events, end, last];
      expect(outcomeOf(all, new ApiEvents())).toEqual(outcomeOf(all, new Normalizer()));
    }
  });

  it('are those of the Normalizer alone, for streams that something else follows', () => {
    fc.assert(
      fc.property(eventSequence, fc.nat(), event, (events, at, other) => {
        const cut = at % (events.length + 1);
        const all = [...events.slice(0, cut), other, ...events.slice(cut)];
        expect(outcomeOf(all, new ApiEvents())).toEqual(outcomeOf(all, new Normalizer()));
      }),
      { numRuns: byTier({ fast: 300, exhaustive: 3_000 }) },
    );
  });
});

it('a stream of the API needs no Normalizer', () => {
  const blocks: [UntypedBlock, ...UntypedDelta[]][] = [
    [
      ev.thinkingBlock,
      { type: 'thinking_delta', thinking: 'Hm' },
      { type: 'signature_delta', signature: 's' },
    ],
    [
      { type: 'text', text: 'early ' },
      { type: 'text_delta', text: 'Hi 😀' },
    ],
    [
      ev.toolBlock,
      { type: 'input_json_delta', partial_json: '' },
      { type: 'input_json_delta', partial_json: '{}' },
    ],
    [{ type: 'web_search_tool_result', tool_use_id: 'x', content: [] }],
  ];
  const events = [
    ev.messageStart(),
    ev.ping,
    ...blocks.flatMap(([start, ...deltas], index) => ev.block(index, start, ...deltas)),
    ev.messageDelta({ stop_reason: 'tool_use', stop_sequence: null }, { output_tokens: 9 }),
    ev.messageStop,
  ];
  const rules = new ApiEvents();
  expect(events.filter((event) => rules.normalize(event) === undefined)).toEqual([]);
});

it('keeps nothing of the text of a delta: it is cut out of a chunk, and would keep that', () => {
  const rules = new ApiEvents();
  const text = 'a text of a certain length';
  const events = [
    ev.messageStart(),
    ...ev.block(0, ev.thinkingBlock, { type: 'thinking_delta', thinking: text }),
    ...ev.block(1, ev.textBlock, { type: 'text_delta', text }),
    ...ev.block(2, ev.toolBlock, { type: 'input_json_delta', partial_json: `{"at":"${text}"}` }),
  ];
  for (const event of events) expect(rules.normalize(event)).toEqual([event]);
  expect(rules.past()).toHaveLength(events.length);
  expect(JSON.stringify(rules.past())).not.toContain(text);
});
