import { describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { longRunsSuite } from './long-runs-suite.js';
import { officialCasesSuite } from './official-cases-suite.js';
import { askFor, PARAMS, WORLDS, weatherTool } from './support.js';

describe.each(WORLDS)('a runner %s', (_, open) => {
  longRunsSuite(api, open);
  officialCasesSuite(api, open);

  it('waits for params that are made between two turns', async () => {
    await using world = await open([askFor('Oslo'), reply.text('Done.')]);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
    let turns = 0;
    for await (const _ of runner) {
      if (turns++ > 0) continue;
      runner.setParams(async ({ messages }) => {
        await Promise.resolve();
        runner.setParams({ max_tokens: 9 });
        return { messages: [...messages, { role: 'user', content: 'Be brief.' }] };
      });
    }
    expect(world.bodies[1]).toMatchObject({ max_tokens: 9 });
    expect(world.bodies[1]?.messages.at(-1)).toEqual({ role: 'user', content: 'Be brief.' });
  });
});
