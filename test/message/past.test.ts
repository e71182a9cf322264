import { expect, it } from 'vitest';
import type { UntypedEvent } from '../../src/message/untyped.js';
import * as ev from './events.js';

const unknown = (n: number): UntypedEvent => ({ type: 'brand_new_event', n });
const unknownDelta = (n: number) => ({ type: 'brand_new_delta', n });
const textDelta = (text: string) => ({ type: 'text_delta', text });
const citation = (n: number) => ({ type: 'citations_delta', citation: { n } });

const start = ev.messageStart();
const textStart = ev.blockStart(0, ev.textBlock);
const toolStart = ev.blockStart(1, ev.toolBlock);

const cases: readonly [what: string, events: UntypedEvent[], past: UntypedEvent[]][] = [
  ['nothing', [], []],
  ['the start', [start, ev.ping], [start]],
  ['an unfinished block has no stop', [start, textStart], [start, textStart]],
  [
    'deltas of a kind become one; citations stay by themselves; unknown ones come last',
    [
      start,
      textStart,
      ev.textDelta(0, 'a'),
      ev.delta(0, unknownDelta(1)),
      ev.delta(0, citation(1)),
      ev.textDelta(0, 'b'),
      ev.delta(0, unknownDelta(2)),
      ev.delta(0, citation(2)),
    ],
    [
      start,
      textStart,
      ...[textDelta('ab'), citation(1), citation(2), unknownDelta(1), unknownDelta(2)].map(
        (change) => ev.delta(0, change),
      ),
    ],
  ],
  [
    'blocks that take turns come one after the other, as they started',
    [
      start,
      toolStart,
      textStart,
      ev.jsonDelta(1, '{'),
      ev.textDelta(0, 'a'),
      ev.jsonDelta(1, '}'),
      ev.blockStop(1),
    ],
    [start, toolStart, ev.jsonDelta(1, '{}'), ev.blockStop(1), textStart, ev.textDelta(0, 'a')],
  ],
  [
    'an empty fragment is a fragment',
    [start, toolStart, ev.jsonDelta(1, ''), ev.blockStop(1)],
    [start, toolStart, ev.jsonDelta(1, ''), ev.blockStop(1)],
  ],
  [
    'a signature that is replaced comes once',
    [
      start,
      ev.blockStart(0, ev.thinkingBlock),
      ev.signatureDelta(0, 'a'),
      ev.thinkingDelta(0, 't'),
      ev.signatureDelta(0, 'b'),
    ],
    [
      start,
      ev.blockStart(0, ev.thinkingBlock),
      ev.thinkingDelta(0, 't'),
      ev.signatureDelta(0, 'b'),
    ],
  ],
  [
    'unknown events keep their place among the blocks',
    [start, unknown(1), textStart, unknown(2), ev.blockStop(0), toolStart, unknown(3)],
    [start, unknown(1), textStart, ev.blockStop(0), unknown(2), toolStart, unknown(3)],
  ],
  [
    'message_deltas become one, after the blocks',
    [
      start,
      ev.messageDelta(
        { stop_reason: 'a', container: { id: 'c' } },
        { output_tokens: 1, new_counter: 1 },
      ),
      textStart,
      ev.messageDelta(
        { stop_reason: 'b', container: null },
        { output_tokens: 2, new_counter: null },
        { x: 1 },
      ),
    ],
    [
      start,
      textStart,
      ev.messageDelta(
        { stop_reason: 'b', container: { id: 'c' } },
        { output_tokens: 2, new_counter: 1 },
        { x: 1 },
      ),
    ],
  ],
  [
    'blocks that came with the start come with it again',
    [ev.messageStart({ content: [ev.toolBlock] }), ev.ping],
    [ev.messageStart({ content: [ev.toolBlock] })],
  ],
  [
    'a start that is sent twice comes once',
    [start, ev.messageStart(), textStart],
    [start, textStart],
  ],
];

it.each(cases)('%s', (_, events, past) => {
  const draft = ev.draftOf(events);
  expect(draft.past()).toStrictEqual(past);
  // Asking is not taking.
  expect(draft.past()).toStrictEqual(past);
});
