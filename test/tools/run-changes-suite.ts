import { describe, expect, it } from 'vitest';
import { type Replies, reply } from '../../src/testing/index.js';
import { failure } from '../stream/support.js';
import { askFor, PARAMS, type World, weatherTool } from './support.js';

/** The classes and functions under test: those of the sources, or of the build. */
type Api = Pick<typeof import('../../src/index.js'), 'AnthropicError' | 'tool'>;

const WEATHER = weatherTool();
const user = (content: string) => ({ role: 'user' as const, content });

/** What a run's owner may change while it runs, with a client that awaits or blocks. */
export function runChangesSuite(
  { tool, AnthropicError }: Api,
  open: (replies: Replies) => Promise<World>,
): void {
  const named = (name: string) =>
    tool({ name, input: { type: 'object' } as const, run: () => `${name} ran` });
  const namesOf = (body: { tools?: unknown } | undefined): string[] =>
    ((body?.tools ?? []) as { name: string }[]).map(({ name }) => name);

  describe('a run that is changed', () => {
    it('goes on with messages that are pushed, after the answer', async () => {
      await using world = await open([reply.text('Hello.'), reply.text('Rome.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      let turns = 0;
      for await (const stream of runner) {
        await stream.getFinalMessage();
        if (turns++ === 0) runner.pushMessages(user('Which city?'), user('In Italy?'));
      }
      expect(turns).toBe(2);
      expect(world.bodies[1]?.messages).toMatchObject([
        ...PARAMS.messages,
        { role: 'assistant', content: [{ text: 'Hello.' }] },
        user('Which city?'),
        user('In Italy?'),
      ]);
      expect(runner.messages.at(-1)).toMatchObject({ content: [{ text: 'Rome.' }] });
    });

    it('adds messages after the results of the calls, and from within a tool', async () => {
      await using world = await open([askFor('Oslo'), reply.text('Done.')]);
      const pushing = tool({
        name: 'get_weather',
        input: { type: 'object' } as const,
        run: () => {
          runner.pushMessages(user('Be brief.'));
          return 'Sunny';
        },
      });
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [pushing] });
      await runner.getFinalMessage();
      expect(world.bodies[1]?.messages.slice(-2)).toMatchObject([
        { role: 'user', content: [{ type: 'tool_result', content: 'Sunny' }] },
        user('Be brief.'),
      ]);
    });

    it('changes the params of the next requests', async () => {
      await using world = await open([askFor('Oslo'), askFor('Rome'), reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      let turns = 0;
      for await (const _ of runner) {
        if (turns++ === 0) runner.setParams({ max_tokens: 7, system: 'Be brief.' });
        else runner.setParams(({ max_tokens }) => ({ max_tokens: Number(max_tokens) + 1 }));
      }
      expect(world.bodies.map(({ max_tokens, system }) => [max_tokens, system])).toEqual([
        [1000, undefined],
        [7, 'Be brief.'],
        [8, 'Be brief.'],
      ]);
    });

    it('replaces the conversation, for one that was compacted', async () => {
      await using world = await open([askFor('Oslo'), reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      let seen = 0;
      for await (const _ of runner) {
        if (seen > 0) continue;
        runner.setParams(({ messages }) => {
          seen = messages.length;
          return { messages: [user('Summary: it is sunny in Oslo. Go on.')] };
        });
      }
      expect(seen).toBe(3);
      expect(world.bodies[1]?.messages).toEqual([user('Summary: it is sunny in Oslo. Go on.')]);
    });

    it('adds, replaces and removes tools', async () => {
      const call = (name: string) => reply.toolUse(name, {});
      await using world = await open([
        call('a'),
        call('b'),
        reply.sequence(call('a'), call('b')),
        reply.text('Done.'),
      ]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [named('a')] });
      let turns = 0;
      for await (const _ of runner) {
        turns++;
        if (turns === 1) runner.addTools(named('b'), named('c'));
        if (turns === 2) runner.removeTools('a', 'none');
      }
      expect(world.bodies.map(namesOf)).toEqual([['a'], ['a', 'b', 'c'], ['b', 'c'], ['b', 'c']]);
      const results = runner.messages.flatMap(({ role, content }) =>
        role === 'user' && typeof content !== 'string'
          ? content.map((block) => (block as { content: string }).content)
          : [],
      );
      expect(results).toEqual(['a ran', 'b ran', expect.stringMatching(/'a'|no tool.*a/), 'b ran']);
    });

    it('refuses tools that cannot be run, and changes after its end', async () => {
      await using world = await open([reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      const { run: _, ...idle } = WEATHER as { name: string; run: unknown };
      expect(() => runner.addTools(idle as never)).toThrow(/has no run/);
      expect(() => runner.setParams({ tools: 4 })).toThrow(AnthropicError);
      await runner.getFinalMessage();
      for (const change of [
        () => runner.pushMessages(user('More?')),
        () => runner.setParams({ max_tokens: 1 }),
        () => runner.addTools(WEATHER),
        () => runner.removeTools('get_weather'),
      ]) {
        expect(change).toThrow(/the run is over: to go on, make a runner with messages/);
      }
    });

    it('goes on after an error of the API, with another runner and its messages', async () => {
      await using world = await open([askFor('Oslo'), reply.error(529), reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      expect(await failure((async () => runner.getFinalMessage())())).toMatchObject({
        status: 529,
      });
      expect(() => runner.pushMessages(user('More?'))).toThrow(/the run has failed/);
      const { messages } = runner;
      const again = world.client.messages.toolRunner({ ...PARAMS, messages, tools: [WEATHER] });
      expect(await again.getFinalMessage()).toMatchObject({ content: [{ text: 'Done.' }] });
      expect(world.bodies[2]?.messages).toEqual(world.bodies[1]?.messages);
    });

    it('sends no more than maxTurns requests, whatever is pushed', async () => {
      await using world = await open([reply.text('Hello.'), reply.text('Hello.')]);
      const runner = world.client.messages.toolRunner(
        { ...PARAMS, tools: [WEATHER] },
        { maxTurns: 2 },
      );
      const run = async (): Promise<void> => {
        for await (const _ of runner) runner.pushMessages(user('More?'));
      };
      expect(await failure(run())).toMatchObject({ name: 'MaxTurnsError' });
      expect(world.bodies).toHaveLength(2);
    });
  });
}
