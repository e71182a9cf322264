import { expect, it } from 'vitest';
import { type RunnerOptions, tool } from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { blockStart, blockStop, delta } from '../contract/wire.js';
import { idle } from '../stream/support.js';
import { deferred } from '../support/deferred.js';
import { askFor, CITY, PARAMS, rawReply, WORLDS, weatherTool } from './support.js';

const CITIES = ['Oslo', 'Rome', 'Lima', 'Bern'];
const REPLIES = [reply.sequence(...CITIES.map((city) => askFor(city))), reply.text('Done.')];

/** A run of four calls whose tool answers when it is told to. */
async function running(options: RunnerOptions): Promise<{
  log: string[];
  answer: (city: string) => Promise<void>;
  done: Promise<unknown>;
}> {
  const log: string[] = [];
  const answers = new Map(CITIES.map((city) => [city, deferred<string>()]));
  const world = await WORLDS[0][1](REPLIES);
  const slow = tool({
    name: 'get_weather',
    input: CITY,
    run({ city }) {
      log.push(city);
      return answers.get(city)?.promise as Promise<string>;
    },
  });
  const params = { ...PARAMS, tools: [slow] };
  const done = world.client.messages.toolRunner(params, options).getFinalMessage();
  while (log.length === 0 && options.approve === undefined) await idle();
  await idle();
  const answer = async (city: string): Promise<void> => {
    answers.get(city)?.resolve('Sunny');
    await idle();
  };
  return { log, answer, done };
}

it('makes all calls of a turn at once', async () => {
  const { log, answer, done } = await running({});
  expect(log).toEqual(CITIES);
  await Promise.all(CITIES.map(answer));
  await done;
});

it.each([1, 2, 3])(
  'makes no more than maxParallel: %i, and those in their order',
  async (maxParallel) => {
    const { log, answer, done } = await running({ maxParallel });
    for (const [at, city] of CITIES.entries()) {
      expect(log).toEqual(CITIES.slice(0, maxParallel + at));
      await answer(city);
    }
    await done;
  },
);

it('goes on with the next call where one fails', async () => {
  const log: string[] = [];
  const world = await WORLDS[0][1](REPLIES);
  const broken = tool({
    name: 'get_weather',
    input: CITY,
    run({ city }) {
      log.push(city);
      throw new Error(city);
    },
  });
  const runner = world.client.messages.toolRunner(
    { ...PARAMS, tools: [broken] },
    { maxParallel: 1 },
  );
  await runner.getFinalMessage();
  expect(log).toEqual(CITIES);
  expect(world.bodies[1]?.messages.at(-1)?.content).toMatchObject(
    CITIES.map((city) => ({ content: `Error: ${city}`, is_error: true })),
  );
});

it.each([false, true])(
  'makes each of two calls that have one id, or none (eager: %s)',
  async (eager) => {
    for (const id of ['same', '']) {
      const log: string[] = [];
      const world = await WORLDS[0][1]([
        rawReply(
          'tool_use',
          ...[0, 1].flatMap((index) => [
            blockStart(index, { type: 'tool_use', id, name: 'get_weather', input: {} }),
            delta(index, { type: 'input_json_delta', partial_json: `{"city":"${CITIES[index]}"}` }),
            blockStop(index),
          ]),
        ),
        reply.text('Done.'),
      ]);
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [weatherTool(log)] },
        { eager },
      );
      await runner.getFinalMessage().catch(() => {});
      expect(log).toEqual(['Oslo', 'Rome']);
      expect(runner.messages[2]?.content).toMatchObject([
        { content: 'Sunny in Oslo' },
        { content: 'Sunny in Rome' },
      ]);
    }
  },
);

it('asks a person one call at a time, in order, and makes each as soon as it is approved', async () => {
  const asked: string[] = [];
  const decisions = CITIES.map(() => deferred<boolean>());
  const { log, answer, done } = await running({
    approve: ({ input }) => {
      const { city } = input as { city: string };
      asked.push(city);
      return decisions[CITIES.indexOf(city)]?.promise as Promise<boolean>;
    },
  });
  while (asked.length === 0) await idle();
  for (const [at, city] of CITIES.entries()) {
    expect(asked).toEqual(CITIES.slice(0, at + 1));
    decisions[at]?.resolve(city !== 'Rome');
    await idle();
  }
  expect(log).toEqual(['Oslo', 'Lima', 'Bern']);
  await Promise.all(CITIES.map(answer));
  await done;
});

it('asks a person only about input that is valid', async () => {
  const asked: unknown[] = [];
  const world = await WORLDS[0][1]([
    reply.sequence(askFor(1), reply.toolUse('nope', {}), askFor('Oslo')),
    reply.text('Done.'),
  ]);
  const weather = tool({ name: 'get_weather', input: CITY, run: () => 'Sunny' });
  const params = { ...PARAMS, tools: [weather] };
  const approve = ({ input, toolUse }: { input: unknown; toolUse: { name: string } }): boolean => {
    asked.push([toolUse.name, input]);
    return true;
  };
  await world.client.messages.toolRunner(params, { approve }).getFinalMessage();
  expect(asked).toEqual([['get_weather', { city: 'Oslo' }]]);
});
