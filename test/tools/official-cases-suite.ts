import { describe, expect, it } from 'vitest';
import { type Replies, reply } from '../../src/testing/index.js';
import { PARAMS, type World } from './support.js';

/** The classes and functions under test: those of the sources, or of the build. */
type Api = Pick<typeof import('../../src/index.js'), 'tool'>;

/**
 * What the official SDK's tests of its tool runner ask for and no other test here does, in cases of our own:
 * tools that are withdrawn and brought back on the way, and conversations that the caller rewrites.
 */
export function officialCasesSuite(
  { tool }: Api,
  open: (replies: Replies) => Promise<World>,
): void {
  const change = (type: 'tool_removal' | 'tool_addition', name: string) =>
    ({ role: 'system', content: [{ type, tool: { type: 'tool_reference', name } }] }) as never;
  const counted = () => {
    const inputs: unknown[] = [];
    const each = tool({
      name: 'lookup',
      input: { type: 'object', properties: { key: { type: 'string' } } } as const,
      run: ({ key }) => {
        inputs.push(key);
        return `value of ${key}`;
      },
    });
    return { tool: each, inputs };
  };
  const call = (key: string) => reply.toolUse('lookup', { key });
  const params = {
    ...PARAMS,
    model: 'claude-opus-4-8',
    betas: ['inline-tools-2026-09-15'],
  };
  const resultsOf = (messages: readonly { content: unknown }[]): unknown[] =>
    messages
      .flatMap(({ content }) => (Array.isArray(content) ? content : []))
      .filter(({ type }) => type === 'tool_result')
      .map(({ content, is_error = false }) => [content, is_error]);

  describe('as with the official runner', () => {
    it('a tool that a pushed message withdraws is not run, until one brings it back', async () => {
      await using world = await open([call('a'), call('b'), call('c'), reply.text('Done.')]);
      const { tool: lookup, inputs } = counted();
      const runner = world.client.beta.messages.toolRunner({ ...params, tools: [lookup] });
      let turns = 0;
      for await (const _ of runner) {
        turns++;
        if (turns === 1) runner.pushMessages(change('tool_removal', 'lookup'));
        if (turns === 2) runner.pushMessages(change('tool_addition', 'lookup'));
      }
      expect(inputs).toEqual(['a', 'c']);
      expect(resultsOf(runner.messages)).toEqual([
        ['value of a', false],
        [expect.stringMatching(/no tool "lookup"/), true],
        ['value of c', false],
      ]);
    });

    it('a tool that the params withdraw is not run', async () => {
      await using world = await open([call('a'), call('b'), reply.text('Done.')]);
      const { tool: lookup, inputs } = counted();
      const runner = world.client.beta.messages.toolRunner({ ...params, tools: [lookup] });
      let turns = 0;
      for await (const _ of runner) {
        if (turns++ > 0) continue;
        runner.setParams(({ messages }) => ({
          messages: [...messages, change('tool_removal', 'lookup')],
        }));
      }
      expect(inputs).toEqual(['a']);
    });

    it('the caller rewrites the conversation, and calls of others in it stay', async () => {
      await using world = await open([call('a'), reply.text('Done.')]);
      const { tool: lookup } = counted();
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [lookup] });
      const use = { type: 'tool_use' as const, id: 'toolu_mine', name: 'lookup', input: {} };
      let turns = 0;
      for await (const _ of runner) {
        if (turns++ > 0) continue;
        runner.setParams(({ messages }) => ({
          messages: [
            ...messages,
            { role: 'assistant', content: [use] },
            {
              role: 'user',
              content: [{ type: 'tool_result', tool_use_id: use.id, content: 'mine' }],
            },
          ],
        }));
      }
      expect(resultsOf(world.bodies[1]?.messages ?? [])).toEqual([
        ['value of a', false],
        ['mine', false],
      ]);
    });

    it('two tools of a turn have their results in one turn', async () => {
      await using world = await open([
        reply.sequence(call('a'), reply.toolUse('other', {})),
        reply.text('Done.'),
      ]);
      const { tool: lookup } = counted();
      const other = tool({ name: 'other', input: { type: 'object' } as const, run: () => 'other' });
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [lookup, other] });
      await runner.getFinalMessage();
      expect(world.bodies[1]?.messages).toHaveLength(3);
      expect(resultsOf(world.bodies[1]?.messages ?? [])).toHaveLength(2);
    });

    it('a run that is left sends nothing more', async () => {
      await using world = await open([call('a'), reply.text('Done.')]);
      const { tool: lookup, inputs } = counted();
      for await (const stream of world.client.messages.toolRunner({ ...PARAMS, tools: [lookup] })) {
        await stream.getFinalMessage();
        break;
      }
      expect(inputs).toEqual([]);
    });

    it('the last message is there for those who ask while another reads', async () => {
      await using world = await open([call('a'), reply.text('Done.')]);
      const { tool: lookup, inputs } = counted();
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [lookup] });
      for await (const _ of runner);
      expect(await runner.getFinalMessage()).toMatchObject({ content: [{ text: 'Done.' }] });
      expect([world.bodies.length, inputs]).toEqual([2, ['a']]);
    });
  });
}
