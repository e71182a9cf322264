import { describe, expect, it } from 'vitest';
import { StreamProtocolError } from '../../src/errors.js';
import { MessageDraft } from '../../src/message/draft.js';
import { toEvents } from '../../src/message/to-events.js';
import type { UntypedEvent, UntypedMessage } from '../../src/message/untyped.js';
import { recordings } from '../support/recordings.js';
import * as ev from './events.js';

const spans = recordings().map(({ name, payloads, message }) => ({
  name,
  events: payloads.map((payload) => JSON.parse(payload) as UntypedEvent),
  expected: message as UntypedMessage | undefined,
}));
const good = spans.filter(({ expected }) => expected !== undefined);
const bad = spans.filter(({ expected }) => expected === undefined);

describe.skipIf(spans.length === 0)('recorded streams', () => {
  it('are there', () => {
    expect(good.length).toBeGreaterThan(10);
    expect(bad.length).toBeGreaterThan(0);
  });

  it.each(good)('$name accumulates to its message', ({ events, expected }) => {
    expect(ev.accumulated(events)).toStrictEqual(expected);
  });

  it.each(bad)('$name is refused', ({ events }) => {
    expect(() => ev.accumulated(events)).toThrow(StreamProtocolError);
    expect(() => ev.accumulated(events)).toThrow(
      /a second message_start, of \w+, in the middle of/,
    );
  });

  it.each(good)('$name: the past leads to the same message at every event', ({ events }) => {
    const draft = new MessageDraft();
    for (const event of events) {
      draft.apply(event);
      expect(ev.draftOf(draft.past()).snapshot).toStrictEqual(draft.snapshot);
    }
  });

  it.each(good)('$name: snapshots and events stay what they were', ({ events }) => {
    const draft = new MessageDraft();
    const taken: [value: unknown, json: string | undefined][] = [];
    for (const event of events) {
      draft.apply(event);
      for (const value of [event, draft.snapshot]) taken.push([value, JSON.stringify(value)]);
    }
    for (const [value, json] of taken) expect(JSON.stringify(value)).toBe(json);
  });

  it.each(good)('$name: its message can be replayed', ({ events, expected }) => {
    const message = expected as unknown as Parameters<typeof toEvents>[0];
    expect(ev.accumulated(toEvents(message) as UntypedEvent[])).toStrictEqual(message);
    const streamed = ev.accumulated(events) as unknown as Parameters<typeof toEvents>[0];
    expect(ev.accumulated(toEvents(streamed) as UntypedEvent[])).toStrictEqual(message);
  });
});
