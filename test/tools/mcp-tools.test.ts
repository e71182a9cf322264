import { expect, it } from 'vitest';
import { type MCPClient, mcpTools } from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { all, failure } from '../stream/support.js';
import { PARAMS, WORLDS } from './support.js';

const SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object' as const,
  properties: { city: { type: 'string' } },
};

/** A client whose server has one tool a page, and answers calls with this. */
function clientOf(
  call: MCPClient['callTool'],
  ...names: string[]
): MCPClient & { cursors: unknown[] } {
  const cursors: unknown[] = [];
  return {
    cursors,
    listTools: async (params) => {
      cursors.push(params?.cursor);
      const at = Number(params?.cursor ?? 0);
      const tools = [{ name: names[at] as string, description: 'd', inputSchema: SCHEMA }];
      return at + 1 < names.length ? { tools, nextCursor: String(at + 1) } : { tools };
    },
    callTool: call,
  };
}

/** What the model gets of a call. */
async function resultOf(result: object): Promise<object> {
  await using world = await WORLDS[0][1]([reply.toolUse('look', {}), reply.text('Done.')]);
  const tools = await mcpTools(clientOf(async () => result, 'look'));
  await world.client.messages.toolRunner({ ...PARAMS, tools }).getFinalMessage();
  const [block] = (world.bodies[1]?.messages.at(-1)?.content ?? []) as unknown as object[];
  return block ?? {};
}

it('lists the tools of all pages, with their schemas', async () => {
  const client = clientOf(async () => ({}), 'a', 'b', 'c');
  const tools = await mcpTools(client);
  const { $schema, ...input_schema } = SCHEMA;
  expect(tools).toMatchObject(
    ['a', 'b', 'c'].map((name) => ({ name, description: 'd', input_schema })),
  );
  expect(tools[0]?.input_schema).not.toHaveProperty('$schema');
  expect(client.cursors).toEqual([undefined, '1', '2']);
});

it('ends a list that goes in a circle', async () => {
  const client = clientOf(async () => ({}), 'a');
  client.listTools = async () => ({ tools: [], nextCursor: 'x' });
  expect(await failure(mcpTools(client))).toMatchObject({
    reason: 'the MCP server lists its tools in a circle: x came twice',
  });
});

const IMAGE = { type: 'image', data: 'AAAA', mimeType: 'image/png' };
const PDF = { uri: 'a', blob: 'AAAA', mimeType: 'application/pdf' };

it.each<[what: string, result: object, expected: object]>([
  ['text', { content: [{ type: 'text', text: 'a' }] }, { content: [{ type: 'text', text: 'a' }] }],
  [
    'an error',
    { isError: true, content: [{ type: 'text', text: 'no' }] },
    { is_error: true, content: [{ type: 'text', text: 'no' }] },
  ],
  [
    'an image',
    { content: [IMAGE] },
    {
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      ],
    },
  ],
  [
    'a PDF',
    { content: [{ type: 'resource', resource: PDF }] },
    {
      content: [
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
        },
      ],
    },
  ],
  [
    'a text resource, and a link',
    {
      content: [
        { type: 'resource', resource: { uri: 'a', text: 'b' } },
        { type: 'resource_link', uri: 'https://a' },
      ],
    },
    {
      content: [
        { type: 'text', text: 'b' },
        { type: 'text', text: 'https://a' },
      ],
    },
  ],
  [
    'a sound',
    { content: [{ type: 'audio', data: 'AAAA', mimeType: 'audio/wav' }] },
    { content: [{ type: 'text', text: "[audio audio/wav, which can't be shown]" }] },
  ],
  [
    'structured content alone',
    { structuredContent: { a: 1 } },
    { content: [{ type: 'text', text: '{"a":1}' }] },
  ],
])('gives the model %s', async (_, result, expected) => {
  expect(await resultOf(result)).toMatchObject(expected);
});

it('passes input, progress and the end of the run on', async () => {
  await using world = await WORLDS[0][1]([
    reply.toolUse('look', { city: 'Oslo' }),
    reply.text('Done.'),
  ]);
  const calls: unknown[] = [];
  let signal: AbortSignal | undefined;
  const client = clientOf(async (params, _schema, options) => {
    calls.push(params);
    signal = options?.signal;
    options?.onprogress?.({ progress: 1, total: 2 });
    return { content: [{ type: 'text', text: 'ok' }] };
  }, 'look');
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: await mcpTools(client) });
  const events = (await all(runner.events)) as { type: string; update?: unknown }[];
  expect(calls).toEqual([{ name: 'look', arguments: { city: 'Oslo' } }]);
  expect(events.find(({ type }) => type === 'tool_update')?.update).toEqual({
    progress: 1,
    total: 2,
  });
  expect(signal?.aborted).toBe(false);
});
