import { describe, expect, it } from 'vitest';
import * as millrace from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { messageStart, textBlock, toolBlock } from '../contract/wire.js';
import { all, failure, idle } from '../stream/support.js';
import { blocksOf, runnerSuite } from './runner-suite.js';
import { askFor, byHand, CITY, PARAMS, WORLDS, weatherTool } from './support.js';

const { tool } = millrace;
const WEATHER = weatherTool();

describe.each(WORLDS)('a runner %s', (_, open) => {
  runnerSuite(millrace, open);

  it('sends back the results of a turn in the order of its calls, whichever is first', async () => {
    const order: string[] = [];
    await using world = await open([
      reply.sequence(reply.text('I ask.'), askFor('Oslo'), askFor('Rome'), askFor('Lima')),
      reply.text('Done.'),
    ]);
    const turns: Record<string, number> = { Oslo: 3, Rome: 2, Lima: 1 };
    const slow = tool({
      name: 'get_weather',
      input: CITY,
      async run({ city }) {
        for (let turn = 0; turn < (turns[city] ?? 0) * 5; turn++) await undefined;
        order.push(city);
        return city;
      },
    });
    await world.client.messages.toolRunner({ ...PARAMS, tools: [slow] }).getFinalMessage();
    expect(order).toEqual(['Lima', 'Rome', 'Oslo']);
    const results = blocksOf(world.bodies[1]?.messages.at(-1));
    expect(results.map(({ content }) => content)).toEqual(['Oslo', 'Rome', 'Lima']);
    const uses = blocksOf(world.bodies[1]?.messages.at(-2)) as unknown as { id?: string }[];
    expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual(
      uses.slice(1).map(({ id }) => id),
    );
  });

  it('has the options that it was made with, though they change later', async () => {
    await using world = await open([askFor('Oslo'), reply.text('Done.')]);
    const options = { maxTurns: 2, extraHeaders: { 'x-run': 'made' } };
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] }, options);
    options.maxTurns = 1;
    options.extraHeaders = { 'x-run': 'changed' };
    expect(await runner.getFinalText()).toBe('Done.');
  });

  it('ends with what approve rejects with', async () => {
    await using world = await open([askFor('Oslo')]);
    const cause = new Error('no terminal');
    const runner = world.client.messages.toolRunner(
      { ...PARAMS, tools: [WEATHER] },
      { approve: () => Promise.reject(cause) },
    );
    expect(await failure(runner.getFinalMessage())).toMatchObject({
      name: 'AnthropicError',
      reason: 'no terminal',
      cause,
    });
  });
});

const noRun = { name: 'x', input_schema: { type: 'object' } };

it.each([false, true])(
  'recovers a turn that breaks, where it is told to (eager %s)',
  async (eager) => {
    const { client, request } = byHand();
    const runner = client.messages.toolRunner(
      { ...PARAMS, tools: [WEATHER] },
      { recover: true, eager },
    );
    const text = all(runner.textStream);
    const first = await request();
    first.feed(messageStart(), ...textBlock(0, 'Let me ', 'look').slice(0, -1));
    await idle();
    first.break();
    const rest = await request(1);
    rest.feed(messageStart(), ...textBlock(0, ' outside.'), ...toolBlock(1, '{"city": "Oslo"}'));
    rest.finish('tool_use');
    const second = await request(2);
    second.feed(messageStart(), ...textBlock(0, ' Done.'));
    second.finish();
    expect((await text).join('')).toBe('Let me look outside. Done.');
    expect(runner.messages.slice(1)).toMatchObject([
      { content: [{ text: 'Let me look outside.' }, { id: 'toolu_1' }] },
      { content: [{ content: 'Sunny in Oslo' }] },
      { content: [{ text: ' Done.' }] },
    ]);
  },
);

it.each([
  ['no tools', {}, {}, /^no tools to run: write toolRunner\(/],
  ['a tool without run', { tools: [noRun] }, {}, /^the tool x has no run: write tool\(/],
  ['maxTurns', { tools: [] }, { maxTurns: 0 }, /^maxTurns is 0: give a whole number from 1 on/],
  ['maxParallel', { tools: [] }, { maxParallel: 1.5 }, /^maxParallel is 1.5: give/],
])('says what is wrong at once: %s', async (_, params, options, message) => {
  await using world = await WORLDS[0][1]([]);
  const { messages } = world.client;
  expect(() => messages.toolRunner({ ...PARAMS, ...params } as never, options)).toThrow(
    expect.objectContaining({ name: 'AnthropicError', message: expect.stringMatching(message) }),
  );
});
