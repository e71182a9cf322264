import { describe, expect, it } from 'vitest';
import * as mcp from '../../packages/anthropic-sdk/src/helpers/beta/mcp.js';
import { reply } from '../../src/testing/index.js';
import { emulated, lastTurn, PARAMS } from './support.js';

const BLOB = btoa('abc');
const resource = (fields: object) => ({
  type: 'resource',
  resource: { uri: 'file:///a/b.x', ...fields },
});
const base64 = (media_type: string) => ({ type: 'base64', data: BLOB, media_type });
const text = (data: string) => ({ type: 'text', data, media_type: 'text/plain' });

describe('mcpContent', () => {
  it.each([
    [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'a' },
    ],
    [
      { type: 'image', data: BLOB, mimeType: 'image/png' },
      { type: 'image', source: base64('image/png') },
    ],
    [resource({ text: 'a' }), { type: 'document', source: text('a') }],
    [resource({ blob: BLOB, mimeType: 'text/css' }), { type: 'document', source: text('abc') }],
    [
      resource({ blob: BLOB, mimeType: 'image/gif' }),
      { type: 'image', source: base64('image/gif') },
    ],
    [
      resource({ blob: BLOB, mimeType: 'application/pdf' }),
      { type: 'document', source: base64('application/pdf') },
    ],
  ])('makes a block of %o', (content, block) => {
    const cache_control = { type: 'ephemeral' };
    expect(mcp.mcpContent(content as mcp.MCPContentLike, { cache_control })).toEqual({
      ...block,
      cache_control,
    });
  });

  it.each([
    [{ type: 'audio', data: BLOB, mimeType: 'audio/wav' }, 'Unsupported MCP content type: audio'],
    [{ type: 'resource_link', uri: 'a', name: 'a' }, 'Unsupported MCP content type: resource_link'],
    [
      { type: 'image', data: BLOB, mimeType: 'image/bmp' },
      'Unsupported image MIME type: image/bmp',
    ],
    [resource({ blob: BLOB, mimeType: 'a/b' }), 'Unsupported MIME type "a/b" for resource'],
    [resource({ text: 'a', mimeType: 'application/pdf' }), 'PDF resource must have blob data'],
    [resource({ text: 'a', mimeType: 'image/png' }), 'Image resource must have blob data'],
  ])('refuses %o', (content, message) => {
    const convert = () => mcp.mcpContent(content as mcp.MCPContentLike);
    expect(convert).toThrow(mcp.UnsupportedMCPValueError);
    expect(convert).toThrow(message);
  });
});

describe('resources', () => {
  const contents = [
    { uri: 'file:///a/b.bin?c=d', mimeType: 'a/b', blob: BLOB },
    { uri: 'file:///a/c.md', text: 'a' },
  ];

  it('are the first that the API takes', () => {
    const block = { type: 'document', source: text('a') };
    expect(mcp.mcpResourceToContent({ contents })).toEqual(block);
    const none = { contents: contents.slice(0, 1) };
    expect(() => mcp.mcpResourceToContent(none)).toThrow('Available: a/b');
    expect(() => mcp.mcpResourceToContent({ contents: [] })).toThrow('at least one item');
  });

  it('are files', async () => {
    const file = mcp.mcpResourceToFile({ contents });
    expect([file.name, file.type, await file.text()]).toEqual(['b.bin', 'a/b', 'abc']);
    const other = mcp.mcpResourceToFile({ contents: [{ uri: 'x://a/', text: 'ä' }] });
    expect([other.name, other.type, await other.text()]).toEqual(['file', '', 'ä']);
  });
});

it('prompts are messages', () => {
  const content = { type: 'text', text: 'a' } as const;
  expect(mcp.mcpMessages([{ role: 'user', content }])).toEqual([
    { role: 'user', content: [content] },
  ]);
});

it('a run calls the tools of a server', async () => {
  const { client, emulator } = emulated([
    reply.sequence(
      reply.toolUse('sum', { a: 1 }),
      reply.toolUse('structured', {}),
      reply.toolUse('fail', {}),
    ),
    reply.text('Done'),
  ]);
  const results: Record<string, mcp.MCPCallToolResultLike> = {
    sum: { content: [{ type: 'text', text: '3' }] },
    structured: { content: [], structuredContent: { a: 1 } },
    fail: { content: [{ type: 'text', text: 'no' }], isError: true },
  };
  const calls: unknown[] = [];
  const server = {
    callTool: async (call: { name: string }) => {
      calls.push(call);
      return results[call.name] as mcp.MCPCallToolResultLike;
    },
  };
  const tools = mcp.mcpTools(
    Object.keys(results).map((name) => ({ name, inputSchema: { type: 'object' as const } })),
    server,
    { defer_loading: false },
  );
  await client.beta.messages.toolRunner({ ...PARAMS, tools });
  expect(calls[0]).toEqual({ name: 'sum', arguments: { a: 1 } });
  const [first, second] = emulator.requests;
  expect(first?.body.tools).toMatchObject([
    {
      name: 'sum',
      input_schema: { type: 'object', properties: null, required: null },
      defer_loading: false,
    },
    {},
    {},
  ]);
  expect(lastTurn(second)).toMatchObject([
    { content: [{ type: 'text', text: '3' }] },
    { content: '{"a":1}' },
    { content: [{ type: 'text', text: 'no' }], is_error: true },
  ]);
});
