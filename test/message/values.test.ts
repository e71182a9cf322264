import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { BlockDraft } from '../../src/message/block-draft.js';
import { MessageDraft } from '../../src/message/draft.js';
import { Normalizer } from '../../src/message/normalize.js';
import { byTier } from '../support/tier.js';
import { eventSequence } from './arbitrary.js';
import * as ev from './events.js';
import { reduce } from './reducer.js';

const sorted = (json: string | undefined): unknown => JSON.parse(json ?? 'null');

describe('random streams', () => {
  it('at every event the snapshot is what the table says, and so it stays', () => {
    fc.assert(
      fc.property(eventSequence, fc.infiniteStream(fc.boolean()), (events, reads) => {
        const draft = new MessageDraft();
        const normalizer = new Normalizer();
        const taken: { value: unknown; json: string | undefined }[] = [];
        const take = (value: unknown): void =>
          void taken.push({ value, json: JSON.stringify(value) });
        for (const [i, event] of events.entries()) {
          for (const normal of normalizer.normalize(event)) draft.apply(normal);
          take(event);
          // Not reading at some events makes edits that are in place, which reading must end.
          if (reads.next().value) {
            take(draft.snapshot);
            take(draft.block(i));
            take(draft.past());
            expect(sorted(ev.withoutCutInputs(draft.snapshot))).toEqual(
              reduce(events.slice(0, i + 1)),
            );
          }
        }
        expect(sorted(ev.withoutCutInputs(draft.snapshot))).toEqual(reduce(events));
        for (const { value, json } of taken) expect(JSON.stringify(value)).toBe(json);
      }),
      { numRuns: byTier({ fast: 100, exhaustive: 500 }) },
    );
  });

  it('at every event the past leads to the same message, in a few events a block', () => {
    fc.assert(
      fc.property(eventSequence, (events) => {
        const draft = new MessageDraft();
        for (const event of events) {
          draft.apply(event);
          const past = draft.past();
          expect(ev.draftOf(past).snapshot).toStrictEqual(draft.snapshot);
          expect(ev.draftOf(past).past()).toStrictEqual(past);
          const seen = past.map(({ type, index, delta }) => `${type} ${index} ${kindOf(delta)}`);
          const once = seen.filter((key) => !/undefined .|brand_new|citations/.test(key));
          expect(new Set(once).size).toBe(once.length);
        }
      }),
      { numRuns: byTier({ fast: 100, exhaustive: 300 }) },
    );
  });
});

const kindOf = (delta: unknown): string => (delta as { type?: string } | undefined)?.type ?? '';

it('blocks that were given up are gone from the next snapshot, finished or not, and not from the last', () => {
  const textOf = (text: string): { type: string; text: string } => ({ type: 'text_delta', text });
  const texts = (draft: MessageDraft): unknown => draft.snapshot?.content.map(({ text }) => text);
  const draft = ev.draftOf([
    ev.messageStart(),
    ...['a', 'b', 'c'].flatMap((text, i) => ev.block(i, ev.textBlock, textOf(text))),
  ]);
  const before = draft.snapshot;
  draft.discardFrom(1);
  expect(texts(draft)).toEqual(['a']);
  for (const event of ev.block(1, ev.textBlock, textOf('d'))) draft.apply(event);
  expect(texts(draft)).toEqual(['a', 'd']);
  expect(before?.content.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
});

describe('what snapshots cost', () => {
  const begun = (): MessageDraft =>
    ev.draftOf([
      ev.messageStart(),
      ...ev.block(0, ev.textBlock, { type: 'text_delta', text: 'done' }),
      ev.blockStart(1, ev.textBlock),
    ]);

  it('they are kept until the next event that changes the message', () => {
    const draft = begun();
    const first = draft.snapshot;
    expect(draft.snapshot).toBe(first);
    draft.apply(ev.ping);
    draft.apply({ type: 'brand_new' });
    draft.apply(ev.messageStart());
    expect(draft.snapshot).toBe(first);
    for (const event of [ev.textDelta(1, 'a'), ev.blockStop(1), ev.messageDelta({})]) {
      const before = draft.snapshot;
      draft.apply(event);
      expect(draft.snapshot).not.toBe(before);
      expect(draft.snapshot).toBe(draft.snapshot);
    }
  });

  it('reading after each of n deltas makes n blocks, and leaves the others alone', () => {
    const n = 1_000;
    const draft = begun();
    const blocks = new Set<unknown>(draft.snapshot?.content);
    for (let i = 0; i < n; i++) {
      draft.apply(ev.textDelta(1, 'x'));
      for (const block of draft.snapshot?.content ?? []) blocks.add(block);
    }
    expect(draft.snapshot?.content[1]?.text).toBe('x'.repeat(n));
    expect(blocks.size).toBe(2 + n);
  });

  it('n deltas without a look make one', () => {
    const block = new BlockDraft(0, ev.textBlock, ev.blockStart(0, ev.textBlock));
    const copied = vi.spyOn(Array.prototype, 'concat');
    for (let i = 0; i < 1_000; i++) {
      block.apply({ type: 'text_delta', text: 'x' });
      block.apply({ type: 'citations_delta', citation: i });
    }
    const copies = copied.mock.calls.length;
    copied.mockRestore();
    // The first one makes the list.
    expect(copies).toBeLessThanOrEqual(1);
    const handedOut = block.handOut();
    expect(block.handOut()).toBe(handedOut);
    block.apply({ type: 'text_delta', text: 'y' });
    block.apply({ type: 'citations_delta', citation: 1_000 });
    expect(handedOut.text).toBe('x'.repeat(1_000));
    expect(handedOut.citations).toHaveLength(1_000);
    const after = block.handOut();
    expect(after.text).toBe(`${'x'.repeat(1_000)}y`);
    expect(after.citations).toHaveLength(1_001);
  });

  it('an event that repeats or names nothing new makes none', () => {
    const draft = begun();
    const block = draft.block(1);
    draft.apply(ev.delta(1, { type: 'brand_new_delta', x: 1 }));
    expect(draft.block(1)).toBe(block);
  });
});
