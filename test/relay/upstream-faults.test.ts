import { expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { createRelay } from '../../src/relay/relay.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { createEmulator, type Emulator, randomFaults, reply } from '../../src/testing/index.js';
import { byTier } from '../support/tier.js';
import { outcomeOf } from './outcome.js';
import { PARAMS } from './params.js';

// Whatever a network does to the request of the API, followers get what a client without a relay gets.

const ANSWER = reply.sequence(
  reply.thinking('They ask for the weather.'),
  reply.text('I look at the map, then at the sky. '.repeat(6)),
  reply.toolUse('get_weather', { city: 'San José 🌁', days: [1, 2, 3] }),
);

/** A client of an emulator whose first answer has a fault. */
function clientWith(seed: number): { client: Anthropic; emulator: Emulator } {
  const plan = randomFaults(seed, { rate: 1 });
  const faults = (n: number): ReturnType<typeof plan> => (n === 1 ? plan(n) : []);
  const emulator = createEmulator({ replies: () => ANSWER, faults });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  return { client, emulator };
}

const SEEDS = Array.from({ length: byTier({ fast: 60, exhaustive: 1_500 }) }, (_, n) => n + 1);

it.each(SEEDS)('a random fault of the API, seed %i, is the same with a relay', async (seed) => {
  const expected = await outcomeOf(clientWith(seed).client.messages.stream(PARAMS));
  const { client } = clientWith(seed);
  const relay = createRelay({ client });
  const live = await relay.start('a', PARAMS);
  const follower = relay.follow('a');
  const response = await relay.handle(new Request('http://host/'), 'a');
  const outcomes = await Promise.all([live, follower, MessageStream.from(response)].map(outcomeOf));
  expect(outcomes).toEqual([expected, expected, expected]);
  expect(await outcomeOf(relay.follow('a'))).toEqual(expected);
});
