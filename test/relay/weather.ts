import type { Anthropic } from '../../src/client.js';
import type { LostRun } from '../../src/relay/lost-run.js';
import { type Reply, reply } from '../../src/testing/index.js';
import type { RunnerOptions } from '../../src/tools/runner-options.js';
import { type RunnableTool, tool } from '../../src/tools/tool.js';
import type { ToolRunner } from '../../src/tools/tool-runner.js';
import type { MessageParam } from '../../src/wire/params.js';
import { PARAMS } from './params.js';

// A run about the weather, whose answers depend on the conversation alone: another process goes on with it as it began.

export const LAST_TEXT = 'All three are mild, as they have been for days.';

/** What the model answers. Each call has an id of its own. @param process is part of the ids. */
export function weatherModel(process: string): (request: { body: unknown }) => Reply {
  let calls = 0;
  const call = (city: string): ReturnType<typeof reply.toolUse> =>
    reply.toolUse('get_weather', { city }, { id: `toolu_${process}_${++calls}` });
  return ({ body }) => {
    const { messages } = body as { messages: MessageParam[] };
    const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    const asked = blocks.filter(({ type }) => type === 'tool_use').length;
    if (asked === 0) return reply.sequence(reply.text('I look. '), call('Oslo'), call('Bergen'));
    if (asked === 1) return call('Bergen');
    return asked === 2 ? call('Turin') : reply.text(LAST_TEXT);
  };
}

/** @param called gets the id of each call that runs. */
export function weatherTool(called: (id: string) => void): RunnableTool {
  return tool({
    name: 'get_weather',
    input: { type: 'object', properties: { city: { type: 'string' } } },
    run: async ({ city }, { emit, toolUse }) => {
      called(toolUse.id);
      emit(`looking at ${city}`);
      return `18 °C in ${city}`;
    },
  }) as RunnableTool;
}

export function weatherRunner(
  client: Anthropic,
  weather: RunnableTool,
  { params = PARAMS, ...options }: RunnerOptions & { params?: LostRun['params'] } = {},
): ToolRunner {
  return client.messages.toolRunner({ ...params, tools: [weather] }, options);
}
