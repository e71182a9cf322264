import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { type AnthropicError, StreamProtocolError } from '../../src/errors.js';
import type { RestartInfo } from '../../src/stream/listeners.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import {
  createEmulator,
  type Fault,
  fault,
  type RawEvent,
  reply,
} from '../../src/testing/index.js';
import type { Message } from '../../src/wire/message.js';
import type { MessageStreamParams } from '../../src/wire/params.js';
import { HASTY } from '../stream/support.js';
import { byTier } from '../support/tier.js';
import { type Made, made } from './reader.js';

const REPLY = reply.sequence(
  reply.thinking('Hm, Zürich.'),
  reply.text('Let me look.'),
  reply.toolUse('get_weather', { city: 'Zürich' }, { id: 'toolu_a' }),
);
const PARAMS = {
  model: 'claude-sonnet-4-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

/** The emulator's answers, the first so many with a fault each. */
function clientWith(...faults: Fault[]): Anthropic {
  const emulator = createEmulator({
    replies: () => REPLY,
    faults: (number) => faults.slice(number - 1, number),
  });
  return new Anthropic({ apiKey: 'test', fetch: emulator.fetch, maxRetries: 0 });
}

const BYTES = await clientWith().messages.stream(PARAMS).toResponse().text();
const { content: CONTENT } = await clientWith().messages.create(PARAMS);

/** All that can be seen of a stream, by a reader and a listener. */
interface Seen {
  made: Made | undefined;
  restarts: RestartInfo[];
  message: Message | undefined;
  error: { name: string; partialMessage: unknown } | undefined;
}

async function seenOf(stream: MessageStream): Promise<Seen> {
  const restarts: RestartInfo[] = [];
  stream.on('restart', (info) => restarts.push(info));
  const making = made(stream).catch(() => undefined);
  const outcome = await stream.getFinalMessage().then(
    (message) => ({ message, error: undefined }),
    ({ name, partialMessage }: AnthropicError) => ({
      message: undefined,
      error: { name, partialMessage },
    }),
  );
  return { made: await making, restarts, ...outcome };
}

const relayed = (stream: MessageStream): MessageStream => MessageStream.from(stream.toResponse());

/** Passed on by a server that takes one chunk, and the rest when all has come. */
function lagging(stream: MessageStream): MessageStream {
  const reader = (stream.toResponse().body as ReadableStream<Uint8Array>).getReader();
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isFirst) await stream.untilDone().catch(() => {});
        isFirst = false;
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  return MessageStream.from(body);
}

/** A stream, and what is seen on the far side of it, however late, and beyond another relay. */
async function bothSides(...faults: Fault[]): Promise<{ near: Seen; far: Seen[]; late: Seen[] }> {
  const stream = clientWith(...faults).messages.stream(PARAMS, { recover: true });
  const late: Promise<Seen>[] = [];
  const far = [relayed(stream), relayed(relayed(stream)), lagging(stream)].map(seenOf);
  stream.on('recover', () => late.push(seenOf(relayed(stream))));
  stream.on('restart', () => late.push(seenOf(relayed(stream))));
  const near = await seenOf(stream);
  late.push(seenOf(relayed(stream)));
  return { near, far: await Promise.all(far), late: await Promise.all(late) };
}

/** Bytes at a distance from each other, and the end of each event. */
const DISTANCE = byTier({ fast: 47, exhaustive: 1 });
const CUTS: { byte: number }[] = Array.from(
  { length: Math.ceil(BYTES.length / DISTANCE) },
  (_, i) => ({ byte: i * DISTANCE }),
);
for (let end = BYTES.indexOf('\n\n'); end !== -1; end = BYTES.indexOf('\n\n', end + 2)) {
  CUTS.push({ byte: end + 2 });
}

describe('a stream that is passed on while it is mended', () => {
  // In parts: all places in one test would take half of its time limit.
  const restarted = new Set<number>();
  it.each([0, 1, 2, 3])(
    `is the same on the far side, cut at any of ${CUTS.length} places, part %i`,
    async (part) => {
      for (const place of CUTS.filter((_, at) => at % 4 === part)) {
        const { near, far, late } = await bothSides(fault.cut(place));
        for (const { index } of near.restarts) restarted.add(index);
        expect(far, `${place.byte}`).toEqual([near, near, near]);
        for (const seen of late) {
          expect({ ...seen, restarts: near.restarts }, `${place.byte}`).toEqual(near);
        }
      }
    },
  );

  it('of which some restart a block', () => {
    expect([...restarted].sort()).toEqual([0, 2]);
  });

  it.each<[what: string, ...faults: Fault[]]>([
    ['twice', fault.cut({ phase: 'thinking' }), fault.cut({ phase: 'tool_input' })],
    ['and fails', fault.cut({ phase: 'tool_input' }), fault.error('api_error', { event: 2 })],
    ['and is refused', fault.cut({ phase: 'thinking' }), fault.status(400)],
  ])('is the same on the far side: %s', async (_, ...faults) => {
    const { near, far } = await bothSides(...faults);
    expect(far).toEqual([near, near, near]);
  });
});

describe('a client whose server mends streams and passes them on', () => {
  it('recovers from a break between the two as well, unless a restart comes by: that is only for from()', async () => {
    // After a finished call nothing can follow but its result.
    const last = BYTES.indexOf('{"type":"content_block_stop","index":2');
    const cuts = CUTS.filter(({ byte }, at) => at % 5 === 0 && byte < last);
    const outcomes = { whole: 0, restarted: 0 };
    for (const inner of [{ phase: 'thinking' }, { phase: 'text' }, { event: 4 }] as const) {
      for (const { byte } of cuts) {
        // The first answer breaks between the two; the one for the rest breaks behind the server.
        const behind = clientWith(fault.chunks(50), fault.cut(inner));
        const bodies: string[] = [];
        const stream = new Anthropic({
          apiKey: 'test',
          maxRetries: 1,
          clock: HASTY,
          fetch: async (_, init) => {
            const params = JSON.parse(String(init?.body)) as MessageStreamParams;
            const response = behind.messages.stream(params, { recover: true }).toResponse();
            const bytes = await response.arrayBuffer();
            const sent = bodies.length > 0 ? bytes : bytes.slice(0, byte);
            bodies.push(new TextDecoder().decode(sent));
            return new Response(sent, response);
          },
        }).messages.stream(PARAMS, { recover: true });
        const reading = made(stream);
        const message = await stream.getFinalMessage().catch((error: AnthropicError) => error);
        if (message instanceof Error) {
          outcomes.restarted++;
          expect(message, `${byte}`).toBeInstanceOf(StreamProtocolError);
          expect(bodies.some((body) => body.includes('event: millrace.restart'))).toBe(true);
          await expect(reading).rejects.toBe(message);
        } else {
          outcomes.whole++;
          const { content } = message;
          expect(content, `${byte}`).toEqual(CONTENT);
          expect(await reading, `${byte}`).toEqual({ starts: 1, content, message });
        }
      }
    }
    expect(outcomes).toEqual({ whole: expect.any(Number), restarted: expect.any(Number) });
    expect(Math.min(outcomes.whole, outcomes.restarted)).toBeGreaterThan(3);
  });
});

describe.each([true, false])(
  'events of a server that look like a restart, recover %s',
  (recover) => {
    it.each<[what: string, event: { type: string; [field: string]: unknown }]>([
      ['a ping with a field', { type: 'ping', restart: 0 }],
      ['a ping with more fields', { type: 'ping', restart: 0, index: 0, discarded: [] }],
      ['the event inside', { type: 'restart', index: 0 }],
      ['the event of toResponse()', { type: 'millrace.restart', index: 0 }],
      ['the same with blocks', { type: 'millrace.restart', index: 0, discarded: [] }],
    ])('discard nothing: %s', async (_, event) => {
      const events: { type: string }[] = [];
      for await (const one of clientWith().messages.stream(PARAMS)) {
        events.push(one, ...(one.type === 'content_block_delta' ? [event] : []));
      }
      const { fetch } = createEmulator({ replies: () => reply.events(events as RawEvent[]) });
      const stream = new Anthropic({ apiKey: 'test', fetch }).messages.stream(PARAMS, { recover });
      const restarts: RestartInfo[] = [];
      stream.on('restart', (info) => restarts.push(info));
      const passedOn = relayed(stream);
      passedOn.on('restart', (info) => restarts.push(info));
      expect((await stream.getFinalMessage()).content).toEqual(CONTENT);
      expect((await passedOn.getFinalMessage()).content).toEqual(CONTENT);
      expect(restarts).toEqual([]);
    });
  },
);

it('ignores a restart that discards nothing, in a response of toResponse()', async () => {
  for (const index of [-1, 1.5, '0', null, undefined, 99]) {
    const data = JSON.stringify({ type: 'millrace.restart', index });
    const restart = `event: millrace.restart\ndata: ${data}\n\n`;
    const stream = MessageStream.from(
      new Response(BYTES.replace('event: message_stop', `${restart}event: message_stop`)),
    );
    const restarts: RestartInfo[] = [];
    stream.on('restart', (info) => restarts.push(info));
    expect((await stream.getFinalMessage()).content, String(index)).toEqual(CONTENT);
    expect(restarts).toEqual([]);
  }
});

it('tells readers of events of a restart by the second start alone, and sends it under its own event name', async () => {
  const stream = clientWith(fault.cut({ phase: 'thinking' })).messages.stream(PARAMS, {
    recover: true,
  });
  let pings = 0;
  const types: string[] = [];
  stream.on('ping', () => pings++).on('event', ({ type }) => types.push(type));
  const body = await stream.toResponse().text();
  expect(body).toContain(
    'event: millrace.restart\ndata: {"type":"millrace.restart","index":0}\n\n',
  );
  expect([pings, types.includes('ping')]).toEqual([body.match(/event: ping/g)?.length, false]);
});
