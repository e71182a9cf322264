import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Anthropic, tool } from '../../src/index.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { availableTools } from '../../src/tools/available-tools.js';
import type { MessageParam } from '../../src/wire/params.js';
import { PARAMS } from '../stream/support.js';

const change = (type: 'tool_removal' | 'tool_addition', name: string) => ({
  role: 'system',
  content: [{ type, tool: { type: 'tool_reference', name } }],
});

describe('the tools that a conversation has', () => {
  const tools = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  it.each<[what: string, turns: unknown[], left: string[]]>([
    ['all', [], ['a', 'b']],
    ['without a removed one', [change('tool_removal', 'a')], ['b']],
    [
      'with one that was added again',
      [change('tool_removal', 'a'), change('tool_addition', 'a')],
      ['a', 'b'],
    ],
    [
      'in the order of the turns',
      [change('tool_addition', 'a'), change('tool_removal', 'a')],
      ['b'],
    ],
    ['whatever a user turn says', [{ ...change('tool_removal', 'a'), role: 'user' }], ['a', 'b']],
    [
      'whatever odd blocks say',
      [{ role: 'system', content: [null, { type: 'tool_removal' }, { tool: null }] }],
      ['a', 'b'],
    ],
  ])('%s', (_, turns, left) => {
    expect([...availableTools(tools, turns as MessageParam[]).keys()]).toEqual(left);
  });
});

it.each([
  ['is not run', [change('tool_removal', 'w')], 0],
  ['is run once it is added again', [change('tool_removal', 'w'), change('tool_addition', 'w')], 1],
])('a tool that was withdrawn %s', async (_, turns, runs) => {
  let count = 0;
  const w = tool({ name: 'w', description: 'w', input: z.object({}), run: () => void count++ });
  const emulator = createEmulator({
    replies: [reply.toolUse('w', {}), reply.text('Done.')],
  });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
  const messages = [...PARAMS.messages, ...turns] as MessageParam[];
  const runner = client.messages.toolRunner({ ...PARAMS, messages, tools: [w] });
  await runner.getFinalMessage();
  expect(count).toBe(runs);
  const [result] = (runner.messages.at(-2)?.content ?? []) as unknown as {
    is_error?: boolean;
    content?: string;
  }[];
  expect(result?.is_error ?? false).toBe(runs === 0);
  if (runs === 0) expect(result?.content).toContain('There is no tool "w" to call');
});
