import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { Observation } from '../../src/observe.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { PARAMS } from '../stream/support.js';

it('a stream that is dropped with its client is observed to end, once', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const ends: Observation[] = [];
  const observe = (seen: Observation): void => {
    if (seen.type === 'end') ends.push(seen);
  };
  await connectAndDrop(observe);
  for (let turns = 0; turns < 100 && ends.length === 0; turns++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(ends).toEqual([expect.objectContaining({ outcome: 'closed', attempts: 1 })]);
});

async function connectAndDrop(observe: (seen: Observation) => void): Promise<void> {
  const { fetch } = createEmulator({ replies: [reply.text('Hello')] });
  await new Anthropic({ apiKey: 'key', fetch, observe }).messages.stream(PARAMS).connect();
}
