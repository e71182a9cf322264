/*
 * Clients that others wrote, unchanged, against the emulator of the built package over a real server.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { ChatAnthropic } from '@langchain/anthropic';
import { stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { fault, reply, useEmulator } from '../../dist/testing.js';

const MODEL = 'claude-opus-4-8';
const PARAMS = {
  model: MODEL,
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'What is the weather in San José?' }],
};
const CALL = reply.sequence(
  reply.thinking('They ask for the weather.'),
  reply.text('I look.'),
  reply.toolUse('get_weather', { city: 'San José 🌁' }),
);
const DONE = reply.text('It rains in San José. 🌧');

const api = useEmulator({ beforeEach, afterEach }, { apiKey: 'test', assertDone: true });

/** The last request brought the result of the tool back. */
function assertAnswered(result) {
  const { messages } = api.emulator.requests.at(-1).body;
  const [block] = messages.at(-1).content;
  assert.equal(block.type, 'tool_result');
  assert.match(JSON.stringify(block.content), result);
}

describe('@anthropic-ai/sdk', () => {
  const client = (options) => new Anthropic({ baseURL: api.url, apiKey: 'test', ...options });

  it('stream', async () => {
    api.script([CALL]);
    const stream = client().messages.stream(PARAMS);
    let text = '';
    stream.on('text', (delta) => {
      text += delta;
    });
    const message = await stream.finalMessage();
    assert.equal(text, 'I look.');
    assert.deepEqual(
      message.content.map(({ type }) => type),
      ['thinking', 'text', 'tool_use'],
    );
    assert.deepEqual(message.content[2].input, { city: 'San José 🌁' });
    assert.equal(message.stop_reason, 'tool_use');
  });

  it('create, streamed and not', async () => {
    api.script([DONE, DONE]);
    const message = await client().messages.create(PARAMS);
    assert.equal(message.content[0].text, 'It rains in San José. 🌧');
    let text = '';
    for await (const event of await client().messages.create({ ...PARAMS, stream: true })) {
      if (event.type === 'content_block_delta') text += event.delta.text;
    }
    assert.equal(text, message.content[0].text);
  });

  it('beta, count_tokens and models', async () => {
    api.script([
      reply.serverTool('web_search', { query: 'rain' }, [
        {
          type: 'web_search_result',
          title: 'Rain',
          url: 'https://a.b',
          encrypted_content: 'x',
          page_age: null,
        },
      ]),
    ]);
    const stream = client().beta.messages.stream({ ...PARAMS, betas: ['files-api-2025-04-14'] });
    const { content } = await stream.finalMessage();
    assert.equal(content[1].tool_use_id, content[0].id);
    const counted = await client().messages.countTokens({
      model: MODEL,
      messages: PARAMS.messages,
    });
    assert.ok(counted.input_tokens > 5);
    assert.equal((await client().models.retrieve(MODEL)).display_name, 'Claude Opus 4.8');
  });

  it('tool runner', async () => {
    api.script([CALL, DONE]);
    const weather = betaZodTool({
      name: 'get_weather',
      description: 'The weather in a city',
      inputSchema: z.object({ city: z.string() }),
      run: ({ city }) => `rain in ${city}`,
    });
    const message = await client().beta.messages.toolRunner({ ...PARAMS, tools: [weather] });
    assert.equal(message.content[0].text, 'It rains in San José. 🌧');
    assertAnswered(/rain in San José 🌁/);
  });

  it('retries an overload, and names a refusal', async () => {
    api.script([reply.error(529, undefined, { headers: { 'retry-after-ms': '1' } }), DONE]);
    assert.equal((await client().messages.create(PARAMS)).stop_reason, 'end_turn');
    await assert.rejects(client().messages.create({ ...PARAMS, messages: [] }), {
      status: 400,
      message: /messages: at least one message is required/,
    });
    await assert.rejects(client({ apiKey: 'wrong' }).messages.create(PARAMS), { status: 401 });
  });

  it('reads what gateways send', async () => {
    const faults = [fault.lineEnds('\r\n'), fault.comments(), fault.chunks(3)];
    api.script([reply.faulty(DONE, ...faults), reply.faulty(DONE, fault.gzip())]);
    for (let n = 0; n < 2; n++) {
      const text = await client().messages.stream(PARAMS).finalText();
      assert.equal(text, 'It rains in San José. 🌧');
    }
  });
});

it('AI SDK: streamText with tools', async () => {
  api.script([CALL, DONE]);
  const anthropic = createAnthropic({ baseURL: `${api.url}/v1`, apiKey: 'test' });
  const { textStream, steps } = streamText({
    model: anthropic(MODEL),
    prompt: 'What is the weather in San José?',
    tools: {
      get_weather: tool({
        description: 'The weather in a city',
        inputSchema: z.object({ city: z.string() }),
        execute: async ({ city }) => `rain in ${city}`,
      }),
    },
    stopWhen: stepCountIs(3),
    onError: ({ error }) => {
      throw error;
    },
  });
  let text = '';
  for await (const delta of textStream) text += delta;
  assert.equal(text, 'I look.It rains in San José. 🌧');
  assert.equal((await steps).length, 2);
  assertAnswered(/rain in San José 🌁/);
});

it('LangChain: stream', async () => {
  api.script([CALL, DONE]);
  const model = new ChatAnthropic({
    model: MODEL,
    apiKey: 'test',
    anthropicApiUrl: api.url,
    maxRetries: 0,
  });
  let whole;
  const tools = [
    { name: 'get_weather', description: 'The weather', input_schema: { type: 'object' } },
  ];
  for await (const chunk of await model.bindTools(tools).stream('What is the weather?')) {
    whole = whole === undefined ? chunk : whole.concat(chunk);
  }
  assert.deepEqual(whole.tool_calls[0].args, { city: 'San José 🌁' });
  let text = '';
  for await (const chunk of await model.stream('And now?')) text += chunk.text;
  assert.equal(text, 'It rains in San José. 🌧');
});
