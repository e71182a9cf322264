import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { UntypedEvent } from '../../src/message/untyped.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { sse } from '../contract/wire.js';
import { eventSequence } from '../message/arbitrary.js';
import { byTier } from '../support/tier.js';
import { outcomeOf } from './outcome.js';
import { PARAMS } from './params.js';

// Acceptance test 3 of the relay: event sequences × batch cuts × resume points.

const get = (relay: Relay, lastEventId?: string): Promise<Response> => {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  return relay.handle(new Request('http://host/', { headers }), 'a');
};

/** What a server-sent event begins with that carries an id. */
const ID = /^id: (.*)\n/gm;

/** The body up to and with the event of an id, and what follows it. */
function cutAfter(body: string, id: string): [head: string, rest: string] {
  const end = body.indexOf('\n\n', body.indexOf(`id: ${id}\n`)) + 2;
  return [body.slice(0, end), body.slice(end)];
}

const anyBatch = fc.record({ ms: fc.constantFrom(0, 1, 25), bytes: fc.constantFrom(1, 64, 4_096) });
const anyPoints = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });

/** The API sends a stop reason after all content; a stream that breaks behind it is complete. */
function stopReasonLast(events: readonly UntypedEvent[]): UntypedEvent[] {
  const last = events.findLastIndex(({ type }) => type === 'message_delta');
  return events.map((event, at) =>
    event.type === 'message_delta' && (at < last || last < events.length - 2)
      ? { ...event, delta: { ...(event.delta as object), stop_reason: null } }
      : event,
  );
}

// Samples: fast-check can't shrink what has an infinite stream in it, in a test that awaits.
const CASES = fc.sample(fc.tuple(eventSequence.map(stopReasonLast), anyBatch, anyPoints), {
  numRuns: byTier({ fast: 60, exhaustive: 1_500 }),
  seed: 18,
});

it.each(CASES.map((one, n) => [n, ...one] as const))(
  'a follower that resumes gets the rest, byte for byte, and the same outcome: case %i',
  async (_, events, batch, points) => {
    const headers = { 'content-type': 'text/event-stream', 'request-id': 'req_1' };
    const fetch = async (): Promise<Response> => new Response(sse(...events), { headers });
    const client = new Anthropic({ apiKey: 'key', fetch, maxRetries: 0 });
    const expected = await outcomeOf(client.messages.stream(PARAMS));
    const relay = createRelay({ client, batch });
    expect(await outcomeOf(await relay.start('a', PARAMS))).toEqual(expected);

    const whole = await (await get(relay)).text();
    const ids = [...whole.matchAll(ID)].map(([, id]) => id as string);
    for (const point of points) {
      const id = ids[point % ids.length] as string;
      const [head, rest] = cutAfter(whole, id);
      const resumed = await (await get(relay, id)).text();
      expect(resumed).toBe(rest === '' ? '' : `retry: 1000\n\n${rest}`);

      const asked: (string | undefined)[] = [];
      const page = MessageStream.follow(async (lastEventId) => {
        asked.push(lastEventId);
        return asked.length === 1 ? new Response(head, { headers }) : get(relay, lastEventId);
      });
      expect(await outcomeOf(page)).toEqual(expected);
      const isWhole = rest === '' || /"stop_reason":"/.test(head);
      expect(asked).toEqual(isWhole ? [undefined] : [undefined, id]);
    }
  },
);
