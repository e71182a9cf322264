import { describe, expect, it, vi } from 'vitest';
import { EntryEvents } from '../../src/relay/entry-events.js';

const entryOf = (event: unknown) => ({ epoch: 1, seq: 1, payload: JSON.stringify(event) });

const TEXT = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } };

const CITATION = {
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'citations_delta', citation: { cited_text: 'a' } },
};

const START = { type: 'message_start', message: { id: 'm', content: [] } };

/** Changes every object in a value. */
function spoil(value: object): void {
  for (const inner of Object.values(value)) if (typeof inner === 'object') spoil(inner);
  Object.assign(value, { spoiled: true });
}

describe('the events of a log for many followers', () => {
  it.each([
    ['a text', TEXT],
    ['a citation', CITATION],
    ['an event that is no delta', START],
    ['a delta without a delta', { type: 'content_block_delta', index: 0 }],
    ['a delta with a list in it', { ...TEXT, delta: { ...TEXT.delta, more: ['x'] } }],
    ['a delta with an object beside it', { ...TEXT, usage: { output_tokens: 1 } }],
  ])('%s: what one follower changes, no other one has', (_, event) => {
    const events = new EntryEvents();
    const entry = entryOf(event);
    spoil(events.of(entry));
    spoil(events.of(entry));
    expect(events.of(entry)).toEqual(event);
  });

  it('followers in step parse a delta once', () => {
    const parse = vi.spyOn(JSON, 'parse');
    const events = new EntryEvents();
    for (const entry of [entryOf(TEXT), entryOf({ ...TEXT, index: 1 })])
      for (let follower = 0; follower < 5; follower++) events.of(entry);
    expect(parse).toHaveBeenCalledTimes(2);
    parse.mockRestore();
  });
});
