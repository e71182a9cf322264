import { describe, expect, it } from 'vitest';
import { StreamTruncatedError } from '../../src/errors.js';
import type { MessageStream } from '../../src/stream/message-stream.js';
import { sse } from '../contract/wire.js';
import { clientOf, failure, PARAMS } from '../stream/support.js';
import { rawServer } from '../support/raw-server.js';
import { askedIn, continuing, type Planned, whole } from './continuing.js';
import { type Made, made } from './reader.js';

const THINKING = { type: 'thinking', thinking: 'Where is it warm?', signature: 'sig' } as const;
const TEXT = { type: 'text', text: 'Let me look at the weather.' } as const;
const toolCall = (id: string): Extract<Planned, { type: 'tool_use' }> => ({
  type: 'tool_use',
  id,
  name: 'get_weather',
  input: { city: 'Zürich', days: 12 },
});
const PLAN: readonly Planned[] = [THINKING, TEXT, toolCall('toolu_a'), toolCall('toolu_b')];
const EVENTS = whole(PLAN);

interface Recovered {
  told: unknown[];
  readers: Made[];
  message: unknown;
  received: { blocks: number; characters: number }[];
  asked: string[][];
}

/** The stream that is cut after so many events, as five readers see it that come at all times. */
async function cutAfter(events: number, script = continuing(PLAN)): Promise<Recovered> {
  await using server = await rawServer((exchange, n) =>
    n === 0 ? { body: [sse(...EVENTS.slice(0, events))] } : script(exchange),
  );
  const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
  const told: unknown[] = [];
  const readers = [made(stream), lagging(stream), slow(stream)];
  stream.on('recover', ({ attempt, mode }) => {
    told.push(`${attempt} ${mode}`);
    readers.push(made(stream));
  });
  stream.on('restart', (info) => {
    told.push(info);
    readers.push(made(stream));
  });
  const message = await stream.getFinalMessage();
  readers.push(made(stream));
  return {
    told,
    readers: await Promise.all(readers),
    message,
    received: stream.attempts.map(({ received }) => received),
    asked: server.exchanges.map((exchange) => askedIn(exchange).messages.map(({ role }) => role)),
  };
}

/** Takes one event, and the rest when all has come. */
async function lagging(stream: MessageStream): Promise<Made> {
  let wait: Promise<unknown> | undefined;
  return made(stream, async () => {
    wait ??= stream.untilDone();
    await wait;
  });
}

/** Lets the others go ahead by a turn of the event loop with each event. */
const slow = (stream: MessageStream): Promise<Made> =>
  made(stream, () => new Promise((resolve) => setImmediate(resolve)));

const ASKED = ['user'];
const ANSWERED = ['user', 'assistant'];

describe('a message with something of everything, cut after', () => {
  const restart = (index: number, ...discarded: object[]): object => ({
    index,
    discarded: discarded.map((block) => expect.objectContaining(block)),
  });
  const halfThought = restart(0, { type: 'thinking', thinking: 'Where is it w', signature: '' });
  const halfCall = restart(2, { type: 'tool_use', id: 'toolu_a' });

  it.each<[events: number, what: string, asked: string[], told: unknown[]]>([
    [3, 'the start of its thinking', ASKED, ['1 from-scratch', restart(0, { thinking: '' })]],
    [4, 'half of its thinking', ASKED, ['1 from-scratch', halfThought]],
    [6, 'a signature', ASKED, ['1 from-scratch', restart(0, { signature: 'sig' })]],
    [7, 'its thinking', ASKED, ['1 from-scratch', restart(0, THINKING)]],
    [8, 'the start of its text', ASKED, ['1 from-scratch']],
    [9, 'some of its text', ANSWERED, ['1 prefill']],
    [11, 'the last of its text', ANSWERED, ['1 prefill']],
    [12, 'its text', ANSWERED, ['1 prefill']],
    [13, 'the start of its tool call', ANSWERED, ['1 prefill', halfCall]],
    [15, 'half of a tool call', ANSWERED, ['1 prefill', halfCall]],
  ])('%i events, %s', async (events, _, asks, told) => {
    const recovered = await cutAfter(events);
    expect(recovered.message).toMatchObject({ content: PLAN, stop_reason: 'tool_use' });
    expect(recovered.told).toEqual(told);
    expect(recovered.asked).toEqual([ASKED, asks]);
    // Together they received what the message has, and nothing that was given up.
    const [first, rest] = recovered.received;
    expect((first?.blocks ?? 0) + (rest?.blocks ?? 0)).toBe(PLAN.length);
    expect((first?.characters ?? 0) + (rest?.characters ?? 0)).toBe(
      THINKING.thinking.length + TEXT.text.length,
    );
    expect(recovered.readers).toEqual(
      recovered.readers.map(() => ({ starts: 1, content: PLAN, message: recovered.message })),
    );
  });

  const calls = [...EVENTS.entries()].slice(17, -2).map(([i, { type }]) => [i + 1, type] as const);
  it.each(calls)('%i events, %s: nothing can follow a tool call but its result', async (events) => {
    await using server = await rawServer({ body: [sse(...EVENTS.slice(0, events))] });
    const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
    const error = await failure(stream.getFinalMessage());
    expect(error).toBeInstanceOf(StreamTruncatedError);
    expect(error).toMatchObject({
      requestId: 'req_test',
      partialMessage: { content: { length: events < 19 ? 3 : 4 } },
    });
    expect(stream.currentMessageSnapshot).toEqual((error as StreamTruncatedError).partialMessage);
    expect(server.exchanges).toHaveLength(1);
  });
});
