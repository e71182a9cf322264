import { expect, it } from 'vitest';
import { StreamProtocolError } from '../../src/errors.js';
import type { UntypedEvent } from '../../src/message/untyped.js';
import * as ev from './events.js';

const { textBlock } = ev;
const start = ev.messageStart();
const begun = [start, ev.blockStart(0, textBlock), ev.textDelta(0, 'a')];

const cases: readonly [message: string, before: UntypedEvent[], event: object][] = [
  ['a content_block_start before message_start', [], ev.blockStart(0, textBlock)],
  ['a content_block_delta before message_start', [], ev.textDelta(0, 'a')],
  ['a content_block_stop before message_start', [], ev.blockStop(0)],
  ['a message_delta before message_start', [], ev.messageDelta({})],
  ['a message_stop before message_start', [ev.ping], ev.messageStop],
  ['a message_start without a message', [], { type: 'message_start' }],
  ['a message_start without a message', [], { type: 'message_start', message: null }],
  ['a message_start without a message', [], { type: 'message_start', message: { id: 'a' } }],
  [
    'a second message_start, of msg_2, in the middle of msg_1',
    begun,
    ev.messageStart({ id: 'msg_2' }),
  ],
  ['a content_block_delta for index 1, which was never started', begun, ev.textDelta(1, 'b')],
  ['a content_block_stop for index 1, which was never started', begun, ev.blockStop(1)],
  [
    'a content_block_delta for index 0, which has stopped',
    [...begun, ev.blockStop(0)],
    ev.textDelta(0, 'b'),
  ],
  [
    'a content_block_stop for index 0, which has stopped',
    [...begun, ev.blockStop(0)],
    ev.blockStop(0),
  ],
  [
    'a content_block_delta for index undefined, which was never started',
    begun,
    {
      type: 'content_block_delta',
      delta: { type: 'text_delta', text: 'b' },
    },
  ],
  [
    'a content_block_delta for index "0", which was never started',
    begun,
    {
      ...ev.textDelta(0, 'b'),
      index: '0',
    },
  ],
  ['a second content_block_start for index 0', begun, ev.blockStart(0, textBlock)],
  ['a content_block_start whose index is -1', begun, ev.blockStart(-1, textBlock)],
  ['a content_block_start whose index is 0.5', begun, ev.blockStart(0.5, textBlock)],
  [
    'a content_block_start whose index is "1"',
    begun,
    { ...ev.blockStart(1, textBlock), index: '1' },
  ],
  [
    'a content_block_start whose index is undefined',
    begun,
    { type: 'content_block_start', content_block: textBlock },
  ],
  [
    'a content_block_start for index 1 without a content_block',
    begun,
    { type: 'content_block_start', index: 1 },
  ],
  [
    'a content_block_start for index 1 without a content_block',
    begun,
    { type: 'content_block_start', index: 1, content_block: {} },
  ],
  [
    'a content_block_delta for index 0 without a delta',
    begun,
    { type: 'content_block_delta', index: 0 },
  ],
  [
    'a content_block_delta for index 0 without a delta',
    begun,
    { type: 'content_block_delta', index: 0, delta: null },
  ],
  ['the text of block 0 is not a string: undefined', begun, ev.delta(0, { type: 'text_delta' })],
  [
    'the thinking of block 0 is not a string: 1',
    begun,
    ev.delta(0, { type: 'thinking_delta', thinking: 1 }),
  ],
  [
    'the signature of block 0 is not a string: undefined',
    begun,
    ev.delta(0, { type: 'signature_delta' }),
  ],
  [
    'the partial_json of block 0 is not a string: {}',
    begun,
    ev.delta(0, { type: 'input_json_delta', partial_json: {} }),
  ],
];

it.each(cases)('%s', (message, before, event) => {
  const draft = ev.draftOf(before);
  const snapshot = draft.snapshot;
  const json = JSON.stringify(snapshot);
  const apply = (): unknown => draft.apply(event as UntypedEvent);
  expect(apply).toThrow(StreamProtocolError);
  expect(apply).toThrow(message);
  // The message stays as it was.
  expect(JSON.stringify(draft.snapshot)).toBe(json);
  expect(JSON.stringify(snapshot)).toBe(json);
});
