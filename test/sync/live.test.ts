import { expect, it } from 'vitest';
import { PARAMS, setting } from './support.js';

it('hands an event out before the next one is sent', async () => {
  using made = setting('lockstep');
  const texts = made.client.messages.stream(PARAMS).textStream[Symbol.iterator]();
  const got: string[] = [];
  for (let i = 0; i < 5; i++) {
    // The server writes one delta for each word, and would wait for ever for the next.
    await made.ask('go');
    got.push(String(texts.next().value));
  }
  expect(got).toEqual(['0', '1', '2', '3', '4']);
  expect(texts.next().done).toBe(true);
});

it('hands events that are sent 40 ms apart out as they come', () => {
  using made = setting('live');
  const stream = made.client.messages.stream(PARAMS);
  const texts: string[] = [];
  const times: number[] = [];
  for (const text of stream.textStream) {
    texts.push(text);
    times.push(performance.now());
  }
  expect(texts).toEqual(Array.from({ length: 12 }, (_, i) => `${i} `));
  // One after each pause; a busy machine may let some of them meet.
  const gaps = times.filter((time, i) => i > 0 && time - (times[i - 1] as number) > 15);
  expect(gaps.length).toBeGreaterThan(6);
});
