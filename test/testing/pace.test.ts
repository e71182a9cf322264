import { describe, expect, it } from 'vitest';
import { createEmulator, manualClock, type Pace, reply } from '../../src/testing/index.js';
import { ask } from './ask.js';

/** When each event arrives, as the clock advances: `12 ping`. */
async function timeline(pace: Pace, stream = true, own?: Pace): Promise<string[]> {
  const clock = manualClock();
  const text = reply.text('one two three');
  const emulator = createEmulator({ clock, pace, replies: [own ? reply.paced(text, own) : text] });
  const seen: string[] = [];
  let isDone = false;
  const done = (async () => {
    const response = await ask(emulator, { stream });
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const sent = Buffer.from(chunk).toString();
      seen.push(`${clock.now()} ${/event: (\w+)/.exec(sent)?.[1] ?? 'json'}`);
    }
    isDone = true;
  })();
  while (!isDone) {
    await Promise.race([clock.waiting(), done]);
    if (!isDone) await clock.advance(1);
  }
  await done;
  return seen;
}

const START = ['0 message_start', '0 content_block_start', '0 ping'];
const end = (ms: number): string[] =>
  ['content_block_stop', 'message_delta', 'message_stop'].map((type) => `${ms} ${type}`);
const deltas = (...times: number[]): string[] => times.map((ms) => `${ms} content_block_delta`);

it.each<[Pace, string[]]>([
  [{}, [...START, ...deltas(0, 0, 0), ...end(0)]],
  [{ firstToken: 40 }, [...START, ...deltas(40, 40, 40), ...end(40)]],
  [{ tokensPerSecond: 100 }, [...START, ...deltas(0, 10, 20), ...end(20)]],
  [{ firstToken: 7, tokensPerSecond: 50 }, [...START, ...deltas(7, 27, 47), ...end(47)]],
  [
    { firstToken: 25, pings: 10 },
    [...START, '10 ping', '20 ping', ...deltas(25, 25, 25), ...end(25)],
  ],
])('%j', async (pace, expected) => {
  expect(await timeline(pace)).toEqual(expected);
});

it('applies to a message without a stream, which has no pings', async () => {
  expect(await timeline({ firstToken: 25, pings: 10 }, false)).toEqual(['25 json']);
});

it("of a reply overrides the emulator's", async () => {
  expect(await timeline({ firstToken: 25 }, true, { firstToken: 3 })).toEqual([
    ...START,
    ...deltas(3, 3, 3),
    ...end(3),
  ]);
});

it('jitters within its bounds, the same for a seed', async () => {
  const pace = { firstToken: 100, jitter: 0.5 };
  const first = await timeline({ ...pace, seed: 1 });
  expect(await timeline({ ...pace, seed: 1 })).toEqual(first);
  expect(await timeline({ ...pace, seed: 2 })).not.toEqual(first);
  const ms = Number.parseInt(first[3] ?? '', 10);
  expect(ms).toBeGreaterThanOrEqual(50);
  expect(ms).toBeLessThanOrEqual(151);
});

describe('manualClock', () => {
  it('fires timers at their times, in order, including those that they start', async () => {
    const clock = manualClock(1000);
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(clock.now()), 20);
    clock.setTimeout(() => {
      seen.push(clock.now());
      clock.setTimeout(() => seen.push(clock.now()), 5);
    }, 10);
    const cleared = clock.setTimeout(() => seen.push(-1), 1);
    clock.clearTimeout(cleared);
    await clock.waiting(2);
    expect(clock.pending).toBe(2);
    await clock.advance(15);
    expect(seen).toEqual([1010, 1015]);
    await clock.advance(100);
    expect([seen, clock.now(), clock.pending]).toEqual([[1010, 1015, 1020], 1115, 0]);
  });
});
