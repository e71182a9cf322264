import { createClient } from '@redis/client';
import { describe, expect, it } from 'vitest';
import type { AnthropicError } from '../../src/errors.js';
import { ProducerLostError } from '../../src/errors.js';
import { redisEngine } from '../../src/relay/redis-engine.js';
import { createRelay } from '../../src/relay/relay.js';
import { fault, reply } from '../../src/testing/index.js';
import type { RunnerEvent } from '../../src/tools/run-events.js';
import { RunStream } from '../../src/tools/run-stream.js';
import { PARAMS } from './params.js';
import { hasRedis } from './redis-server.js';
import { openSetting } from './setting.js';

// The process of a relayed run is killed: every follower gets a typed error with everything that the run had.

const LEASE = 1_000;
const call = (city: string, id: string) => reply.toolUse('get_weather', { city }, { id });
const ANSWERS = [
  reply.sequence(reply.text('I look. '), call('Oslo', 'toolu_1'), call('Bergen', 'toolu_2')),
  reply.text('Sunny in both cities, as it has been for days.'),
];

const TURN = {
  role: 'assistant',
  content: [
    { type: 'text', text: 'I look. ' },
    { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } },
    { type: 'tool_use', id: 'toolu_2', name: 'get_weather', input: { city: 'Bergen' } },
  ],
};
const OSLO = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny in Oslo' };
const BERGEN = { type: 'tool_result', tool_use_id: 'toolu_2', content: 'Sunny in Bergen' };
const UNKNOWN = {
  ...BERGEN,
  content: expect.stringMatching(/^The outcome of this call is unknown/),
  is_error: true,
};

interface Case {
  name: string;
  /** The response, from 1, that stalls after some events. */
  stall?: { turn: number; event: number };
  /** A call for it never ends. */
  endless?: string;
  /** What the followers wait for before the kill. */
  until: (event: RunnerEvent) => boolean;
  messages: unknown[];
  partial: unknown;
}

const isText = (event: RunnerEvent): boolean => event.type === 'content_block_delta';

const CASES: Case[] = [
  {
    name: 'in the first turn',
    stall: { turn: 1, event: 4 },
    until: isText,
    messages: [],
    partial: [{ type: 'text', text: expect.stringMatching(/^I/) }],
  },
  {
    name: 'while a tool runs',
    endless: 'Bergen',
    until: (event) => event.type === 'tool_update' && event.update === 'Bergen',
    messages: [TURN, { role: 'user', content: [OSLO, UNKNOWN] }],
    partial: TURN.content,
  },
  {
    name: 'in the turn after the tools',
    stall: { turn: 2, event: 4 },
    until: (event) => isText(event) && JSON.stringify(event).includes('"text":"S'),
    messages: [TURN, { role: 'user', content: [OSLO, BERGEN] }],
    partial: [{ type: 'text', text: expect.stringMatching(/^S/) }],
  },
];

describe.skipIf(!hasRedis)('a run whose process is killed', () => {
  it.each(CASES)('$name ends for every follower, with what it had', async (test) => {
    const { stall } = test;
    await using setting = await openSetting({
      replies: ANSWERS,
      faults: (turn) => (turn === stall?.turn ? [fault.stall({ event: stall.event })] : []),
    });
    const member = setting.member({ lease: LEASE });
    await member.ask({ do: 'startRun', id: 'a', params: PARAMS, endless: test.endless });
    const client = await createClient({ url: setting.redis.url }).connect();
    const relay = createRelay({ engine: redisEngine(client), lease: LEASE });
    const followers = [
      await relay.followRun('a'),
      RunStream.follow((id, signal) => {
        const headers: Record<string, string> = id === undefined ? {} : { 'last-event-id': id };
        return relay.handle(new Request('http://relay/', { headers, signal }), 'a');
      }),
    ];
    try {
      let seen = 0;
      const read = async (run: RunStream): Promise<unknown> => {
        let isSeen = false;
        try {
          for await (const event of run.events) {
            if (isSeen || !test.until(event)) continue;
            isSeen = true;
            if (++seen < followers.length) continue;
            await member.kill();
          }
        } catch (error) {
          return error;
        }
        return undefined;
      };
      const errors = await Promise.all(followers.map(read));
      const late = await relay.followRun('a');
      errors.push(await read(late));
      for (const [at, run] of [...followers, late].entries()) {
        const error = errors[at] as AnthropicError;
        expect(error).toBeInstanceOf(ProducerLostError);
        expect(run.messages).toMatchObject(test.messages);
        expect(run.messages).toHaveLength(test.messages.length);
        expect(error.partialMessage?.content).toMatchObject(test.partial as unknown[]);
      }
      expect((await relay.status('a')).state).toBe('failed');
      // Nothing was called again.
      expect(setting.emulator.requests).toHaveLength(stall?.turn === 2 ? 2 : 1);
    } finally {
      client.destroy();
    }
  });
});
