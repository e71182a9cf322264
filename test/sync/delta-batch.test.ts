import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pack, unpack } from '../../src/sync/delta-batch.js';
import type { Item } from '../../src/sync/protocol.js';

const crossed = (items: readonly Item[]): Item[] => unpack(structuredClone(pack(items)));

const text = (text: string, index: unknown = 0): Item => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'text_delta', text },
});

it('takes deltas of one kind and one block together, and nothing else', () => {
  const thinking = {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'thinking_delta', thinking: 'e' },
  };
  const items = [text('a'), text('b'), text('c', 1), text('d', 1), thinking, text('f')];
  expect(pack(items)).toEqual([
    { batch: 'text_delta', index: 0, pieces: ['a', 'b'] },
    { batch: 'text_delta', index: 1, pieces: ['c', 'd'] },
    { batch: 'thinking_delta', index: 0, pieces: ['e'] },
    { batch: 'text_delta', index: 0, pieces: ['f'] },
  ]);
  expect(crossed(items)).toStrictEqual(items);
});

it.each<[what: string, item: Item]>([
  ['another event', { type: 'ping' }],
  ['an event with a field of that name', { type: 'ping', batch: 'text_delta' }],
  ['a step', { step: 'try', kind: 'request' }],
  ['one more field', { ...text('a'), more: 1 } as Item],
  [
    'one more field in the delta',
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a', more: 1 } },
  ],
  [
    'another field in its place',
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', txt: 'a' } },
  ],
  [
    'no string',
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: null } },
  ],
  ['no index', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' }, x: 1 }],
  ['no delta', { type: 'content_block_delta', index: 0, delta: null }],
  [
    'a kind that objects inherit',
    { type: 'content_block_delta', index: 0, delta: { type: 'toString', text: 'a' } },
  ],
  [
    'a delta of several strings',
    { type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation: {} } },
  ],
])('leaves what is no such delta as it is: %s', (_, item) => {
  expect(pack([text('a'), item, text('b')])[1]).toBe(item);
  expect(crossed([text('a'), item, text('b')])).toStrictEqual([text('a'), item, text('b')]);
});

it('brings back what was pack, in its order', () => {
  const kind = fc.constantFrom(
    'text_delta',
    'thinking_delta',
    'input_json_delta',
    'signature_delta',
  );
  const field = fc.constantFrom('text', 'thinking', 'partial_json', 'signature');
  const delta = fc
    .tuple(kind, field, fc.oneof(fc.string({ unit: 'binary' }), fc.integer()))
    .map(([type, name, value]) => ({ type, [name]: value }));
  const event = fc
    .tuple(fc.constantFrom('content_block_delta', 'content_block_stop'), fc.nat(2), delta)
    .map(([type, index, delta]) => ({ type, index, delta }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (items) => {
      expect(crossed(items)).toStrictEqual(items);
    }),
  );
});
