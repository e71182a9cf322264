import { describe, expect, it } from 'vitest';
import type { ToolUseBlock } from '../../src/index.js';
import { type Replies, reply } from '../../src/testing/index.js';
import { failure } from '../stream/support.js';
import { askFor, PARAMS, type World, weatherTool } from './support.js';

/** The classes and functions under test: those of the sources, or of the build. */
type Api = Pick<typeof import('../../src/index.js'), 'tool'>;

const WEATHER = weatherTool();
const user = (content: string) => ({ role: 'user' as const, content });
const result = (tool_use_id: string, content: string) => ({
  role: 'user' as const,
  content: [{ type: 'tool_result' as const, tool_use_id, content }],
});

/** Runs that outgrow their context, wait for a result, or fail on the way, with a client that awaits or blocks. */
export function longRunsSuite({ tool }: Api, open: (replies: Replies) => Promise<World>): void {
  describe('a conversation that becomes long', () => {
    const spent = (input_tokens: number) => ({ usage: { input_tokens } });
    const call = (city: string, tokens: number) =>
      reply.toolUse('get_weather', { city }, spent(tokens));

    it('is replaced by a summary between two turns', async () => {
      await using world = await open([
        call('Oslo', 400),
        call('Rome', 2_000),
        reply.text('Summary: sunny in Oslo and Rome.'),
        reply.text('Done.'),
      ]);
      const params = { ...PARAMS, tools: [WEATHER], system: 'Be brief.' };
      const runner = world.client.messages.toolRunner(params, {
        compact: { above: 1_000, prompt: 'Sum up.', max_tokens: 77 },
      });
      const texts: string[] = [];
      for await (const stream of runner) texts.push(await stream.getFinalText());
      expect(texts).toEqual(['', '', 'Done.']);
      const [, , summary, last] = world.bodies;
      expect(summary?.messages).toHaveLength(6);
      expect(summary).toMatchObject({
        max_tokens: 77,
        system: 'Be brief.',
        tool_choice: { type: 'none' },
        tools: [{ name: 'get_weather' }],
      });
      expect(summary?.messages.at(-1)).toEqual(user('Sum up.'));
      expect(last?.messages).toEqual([user('Summary: sunny in Oslo and Rome.')]);
      expect(last).not.toHaveProperty('tool_choice');
      expect([last?.max_tokens, last?.system]).toEqual([PARAMS.max_tokens, 'Be brief.']);
      expect(runner.messages).toHaveLength(2);
      expect(runner.usage?.input_tokens).toBeGreaterThan(2_400);
    });

    it('stays where the run ends, or nothing is above the limit', async () => {
      await using world = await open([call('Oslo', 5_000), reply.text('Done.', spent(90_000))]);
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [WEATHER] },
        { compact: { above: 10_000 } },
      );
      await runner.getFinalMessage();
      expect(world.bodies).toHaveLength(2);
      expect(runner.messages).toHaveLength(4);
    });

    it('ends the run where there is no summary, and is kept', async () => {
      await using world = await open([call('Oslo', 5_000), reply.refusal()]);
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [WEATHER] },
        { compact: { above: 100 } },
      );
      expect(await failure((async () => runner.getFinalMessage())())).toMatchObject({
        message: expect.stringMatching(/could not be compacted: the answer stopped with refusal/),
      });
      expect(runner.messages).toHaveLength(3);
    });

    it('counts its summary as a request', async () => {
      await using world = await open([call('Oslo', 5_000), reply.text('Summary.')]);
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [WEATHER] },
        { compact: { above: 100 }, maxTurns: 2 },
      );
      expect(await failure((async () => runner.getFinalMessage())())).toMatchObject({
        name: 'MaxTurnsError',
      });
      expect(world.bodies).toHaveLength(2);
    });

    it('leaves tools out that it had withdrawn', async () => {
      const removal = {
        role: 'system' as const,
        content: [{ type: 'tool_removal', tool: { type: 'tool_reference', name: 'get_time' } }],
      };
      const time = tool({ name: 'get_time', input: { type: 'object' } as const, run: () => 'now' });
      await using world = await open([
        call('Oslo', 5_000),
        reply.text('Summary.'),
        reply.text('Done.'),
      ]);
      const runner = world.client.beta.messages.toolRunner(
        {
          ...PARAMS,
          messages: [...PARAMS.messages, removal as never],
          tools: [WEATHER, time],
          betas: ['inline-tools-2026-09-15'],
        },
        { compact: { above: 100 } },
      );
      await runner.getFinalMessage();
      expect(world.bodies[2]?.tools).toMatchObject([{ name: 'get_weather' }]);
      expect(world.bodies[2]?.tools).toHaveLength(1);
    });

    it.each([{}, { above: 0 }, { above: '1' }, 5, { above: 1, model: 'a', promt: 'b' }])(
      'is not compacted as %j says',
      async (compact) => {
        await using world = await open([]);
        const make = (): unknown =>
          world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] }, {
            compact,
          } as object);
        expect(make).toThrow(/^compact is no way to compact a conversation: write \{ above/);
      },
    );
  });

  describe('a result that comes later', () => {
    const both = reply.sequence(
      reply.toolUse('ask_boss', { what: 'a raise' }, { id: 'toolu_boss' }),
      reply.toolUse('get_weather', { city: 'Oslo' }, { id: 'toolu_oslo' }),
    );
    const boss = (asked: string[] = []) =>
      tool({
        name: 'ask_boss',
        input: { type: 'object' } as const,
        run: (_, { toolUse, defer }) => {
          asked.push(toolUse.id);
          return defer();
        },
      });

    it.each([false, true])('ends the run after the other calls (eager %s)', async (eager) => {
      await using world = await open([both, reply.text('Done.')]);
      const asked: string[] = [];
      const params = { ...PARAMS, tools: [WEATHER, boss(asked)] };
      const runner = world.client.messages.toolRunner(params, { eager });
      const types: string[] = [];
      for await (const { type } of runner.events) if (/^tool/.test(type)) types.push(type);
      expect(types.sort()).toEqual(['tool_result', 'tool_start', 'tool_start']);
      expect(asked).toEqual(['toolu_boss']);
      expect(runner.deferredToolCalls).toMatchObject([{ id: 'toolu_boss', name: 'ask_boss' }]);
      expect(runner.messages.at(-1)).toEqual(result('toolu_oslo', 'Sunny in Oslo'));
      // Later, perhaps in another process.
      const messages = [...runner.messages, result('toolu_boss', 'No.')];
      const next = world.client.messages.toolRunner({ ...params, messages });
      expect(await next.getFinalMessage()).toMatchObject({ content: [{ text: 'Done.' }] });
      expect(next.deferredToolCalls).toEqual([]);
    });

    it('may come while the run still goes on', async () => {
      await using world = await open([both, reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER, boss()] });
      let turns = 0;
      for await (const _ of runner) {
        if (turns++ === 0) runner.pushMessages(result('toolu_boss', 'Yes.'));
      }
      expect(turns).toBe(2);
      expect(runner.deferredToolCalls).toEqual([]);
    });
  });

  it('a deferred call whose id an earlier turn used too is still open', async () => {
    const id = 'toolu_same';
    await using world = await open([
      reply.toolUse('get_weather', { city: 'Oslo' }, { id }),
      reply.toolUse('get_weather', { city: 'Rome' }, { id }),
    ]);
    const weather = tool({
      name: 'get_weather',
      input: { type: 'object', properties: { city: { type: 'string' } } } as const,
      run: ({ city }, { defer }) => (city === 'Rome' ? defer() : 'Sunny'),
    });
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [weather] });
    await runner.getFinalMessage();
    expect(runner.deferredToolCalls).toMatchObject([{ input: { city: 'Rome' } }]);
  });

  describe('calls that may run early', () => {
    it('are those that a function names', async () => {
      const order: string[] = [];
      const named = (name: string) =>
        tool({
          name,
          input: { type: 'object' } as const,
          run: () => {
            order.push(name);
            return name;
          },
        });
      await using world = await open([
        reply.sequence(reply.toolUse('late', {}), reply.toolUse('early', {})),
        reply.text('Done.'),
      ]);
      const asked: string[] = [];
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [named('late'), named('early')] },
        {
          eager: ({ name }: ToolUseBlock) => {
            asked.push(name);
            return name === 'early';
          },
        },
      );
      await runner.getFinalMessage();
      expect(asked).toEqual(['late', 'early']);
      expect(order).toEqual(['early', 'late']);
    });

    it('end the run where that function throws', async () => {
      await using world = await open([askFor('Oslo'), reply.text('Done.')]);
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [WEATHER] },
        {
          eager: () => {
            throw new Error('undecided');
          },
        },
      );
      expect(await failure((async () => runner.getFinalMessage())())).toMatchObject({
        message: expect.stringMatching(/undecided/),
      });
    });
  });

  describe('after an error of the API', () => {
    it('goes on with the params that the run had', async () => {
      await using world = await open([askFor('Oslo'), reply.error(529), reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      let turns = 0;
      const run = async (): Promise<void> => {
        for await (const _ of runner) if (turns++ === 0) runner.setParams({ max_tokens: 7 });
      };
      expect(await failure(run())).toMatchObject({ status: 529 });
      const { params } = runner;
      expect(params.messages).toHaveLength(3);
      const again = world.client.messages.toolRunner(params);
      expect(await again.getFinalMessage()).toMatchObject({ content: [{ text: 'Done.' }] });
      expect(world.bodies[2]).toEqual(world.bodies[1]);
      expect(world.bodies[2]?.max_tokens).toBe(7);
    });
  });
}
