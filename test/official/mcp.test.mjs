import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { Anthropic, mcpTools } from '../../dist/index.js';
import { createEmulator, reply } from '../../dist/testing.js';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function connected() {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  server.registerTool(
    'get_weather',
    { description: 'The weather', inputSchema: { city: z.string() } },
    async ({ city }, { sendNotification, _meta }) => {
      const progressToken = _meta?.progressToken;
      await sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress: 1, total: 2 },
      });
      return {
        content: [
          { type: 'text', text: `Sunny in ${city}` },
          { type: 'image', data: PIXEL, mimeType: 'image/png' },
        ],
      };
    },
  );
  server.registerTool('fail', { inputSchema: {} }, async () => {
    throw new Error('no such place');
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(there), client.connect(here)]);
  return client;
}

test('a run calls the tools of an MCP server', async () => {
  const mcp = await connected();
  const emulator = createEmulator({
    replies: [
      reply.sequence(reply.toolUse('get_weather', { city: 'Oslo' }), reply.toolUse('fail', {})),
      reply.text('Done.'),
    ],
  });
  const client = new Anthropic({ apiKey: 'test', fetch: emulator.fetch });
  const runner = client.messages.toolRunner({
    model: 'claude-opus-4-8',
    max_tokens: 99,
    messages: [{ role: 'user', content: 'Hi' }],
    tools: await mcpTools(mcp),
  });
  const updates = [];
  for await (const event of runner.events) {
    if (event.type === 'tool_update') updates.push(event.update);
  }
  assert.deepEqual(
    updates.map(({ progress, total }) => [progress, total]),
    [[1, 2]],
  );
  const [weather, failed] = emulator.requests[1].body.messages.at(-1).content;
  assert.equal(weather.content[0].text, 'Sunny in Oslo');
  assert.deepEqual(weather.content[1].source, {
    type: 'base64',
    media_type: 'image/png',
    data: PIXEL,
  });
  assert.equal(failed.is_error, true);
  assert.match(failed.content[0].text, /no such place/);
  await mcp.close();
});
