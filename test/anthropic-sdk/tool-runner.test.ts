import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { betaTool } from '../../packages/anthropic-sdk/src/helpers/beta/json-schema.js';
import { betaZodTool } from '../../packages/anthropic-sdk/src/helpers/beta/zod.js';
import { AnthropicError } from '../../packages/anthropic-sdk/src/index.js';
import { ToolError } from '../../packages/anthropic-sdk/src/lib/tools/ToolError.js';
import { fault, reply } from '../../src/testing/index.js';
import { emulated, failure, PARAMS } from './support.js';

const CALL = reply.toolUse('weather', { city: 'Oslo' });
const LOOP = [CALL, reply.text('Rain.')];

function weather(run: (input: { city: string }) => string | Promise<string> = () => 'rain') {
  return betaZodTool({
    name: 'weather',
    description: 'The weather',
    inputSchema: z.object({ city: z.string() }),
    run,
  });
}

/** A message with a call, as the API answers it. */
async function whole(): Promise<object> {
  return { ...(await emulated([CALL]).client.beta.messages.create(PARAMS)) };
}

/** The results that the model got. */
function results(request: { body: unknown } | undefined): unknown {
  const body = request?.body as { messages: { content: unknown }[] } | undefined;
  return body?.messages.at(-1)?.content;
}

describe('toolRunner', () => {
  it('is awaited for the last message', async () => {
    const { client, emulator } = emulated(LOOP);
    const run = vi.fn(() => 'rain');
    const message = await client.beta.messages.toolRunner({ ...PARAMS, tools: [weather(run)] });
    expect(message.content).toMatchObject([{ text: 'Rain.' }]);
    expect(run.mock.calls[0]).toMatchObject([{ city: 'Oslo' }, { toolUse: { name: 'weather' } }]);
    expect(results(emulator.requests[1])).toMatchObject([{ type: 'tool_result', content: 'rain' }]);
  });

  it('yields messages, or streams', async () => {
    const { client } = emulated([...LOOP, ...LOOP]);
    const params = { ...PARAMS, tools: [weather()] };
    const messages = [];
    for await (const message of client.beta.messages.toolRunner(params)) messages.push(message);
    expect(messages.map(({ stop_reason }) => stop_reason)).toEqual(['tool_use', 'end_turn']);
    const texts = [];
    for await (const stream of client.beta.messages.toolRunner({ ...params, stream: true })) {
      texts.push((await stream.finalMessage()).content.length);
    }
    expect(texts).toEqual([1, 1]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no')), 'Error: no'],
    ['throws a ToolError', () => Promise.reject(new ToolError('mine')), 'mine'],
  ])('answers a call that %s with an error', async (_, run, content) => {
    const { client, emulator } = emulated(LOOP);
    await client.beta.messages.toolRunner({ ...PARAMS, tools: [weather(run)] });
    expect(results(emulator.requests[1])).toMatchObject([{ is_error: true, content }]);
  });

  it('answers a call of no tool, and one that does not fit', async () => {
    const { client, emulator } = emulated([
      reply.sequence(reply.toolUse('weather', { city: 1 }), reply.toolUse('other', {})),
      reply.text('Sorry'),
    ]);
    const other = { name: 'other', input_schema: { type: 'object' as const } };
    await client.beta.messages.toolRunner({ ...PARAMS, tools: [weather(), other] });
    expect(results(emulator.requests[1])).toMatchObject([
      { is_error: true, content: expect.stringMatching(/expected string/) },
      { is_error: true, content: "Error: Tool 'other' not found" },
    ]);
  });

  it('never runs a call whose stream was cut', async () => {
    const run = vi.fn(() => 'rain');
    const { client } = emulated([reply.faulty(CALL, fault.cut({ phase: 'tool_input' }))]);
    const runner = client.beta.messages.toolRunner({
      ...PARAMS,
      stream: true,
      tools: [weather(run)],
    });
    await failure(runner.runUntilDone());
    expect(run).not.toHaveBeenCalled();
  });

  it('stops after max_iterations', async () => {
    const { client, emulator } = emulated(() => CALL);
    const params = { ...PARAMS, max_iterations: 2, tools: [weather()] };
    const message = await client.beta.messages.toolRunner(params).runUntilDone();
    expect(message.stop_reason).toBe('tool_use');
    expect(emulator.requests).toHaveLength(2);
  });

  it('leaves a turn to a loop that changes the params', async () => {
    const { client, emulator } = emulated(LOOP);
    const runner = client.beta.messages.toolRunner({ ...PARAMS, tools: [weather()] });
    for await (const message of runner) {
      const response = await runner.generateToolResponse();
      if (response === null) continue;
      runner.pushMessages({ role: 'assistant', content: message.content }, response);
      runner.setMessagesParams((params) => ({ ...params, max_tokens: 32 }));
    }
    expect(emulator.requests[1]?.body).toMatchObject({ max_tokens: 32 });
    expect(results(emulator.requests[1])).toMatchObject([{ content: 'rain' }]);
    expect(runner.params.messages).toHaveLength(4);
  });

  it('never runs a withdrawn tool, nor one of a refusal', async () => {
    const run = vi.fn(() => 'rain');
    const removal = { type: 'tool_removal', tool: { type: 'tool_reference', name: 'weather' } };
    const withdrawn = { role: 'system', content: [removal] } as never;
    const { client, emulator } = emulated([
      ...LOOP,
      reply.message({ ...(await whole()), stop_reason: 'refusal' } as never),
    ]);
    const messages = [...PARAMS.messages, withdrawn];
    await client.beta.messages.toolRunner({ ...PARAMS, messages, tools: [weather(run)] });
    expect(results(emulator.requests[1])).toMatchObject([
      { is_error: true, content: "Error: Tool 'weather' not found" },
    ]);
    await client.beta.messages.toolRunner({ ...PARAMS, tools: [weather(run)] });
    expect(emulator.requests).toHaveLength(3);
    expect(run).not.toHaveBeenCalled();
  });

  it('sends the container of a turn in the next one', async () => {
    const container = { id: 'container_1', expires_at: '2030-01-01T00:00:00Z' };
    const { client, emulator } = emulated([
      reply.message({ ...(await whole()), container } as never),
      reply.text('Rain.'),
    ]);
    await client.beta.messages.toolRunner({ ...PARAMS, tools: [weather()] });
    expect(emulator.requests[1]?.body).toHaveProperty('container', 'container_1');
  });

  it('is read once', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const runner = client.beta.messages.toolRunner({ ...PARAMS, tools: [] });
    await runner;
    const again = async (): Promise<void> => {
      for await (const _ of runner);
    };
    expect(await failure(again())).toBeInstanceOf(AnthropicError);
  });

  it.each([
    [{ compactionControl: {} }, 'compactionControl is not supported over millrace: send the param'],
    [
      { runToolsEagerly: true as never },
      'runToolsEagerly is not supported over millrace: leave it out',
    ],
  ])('refuses %o', (params, message) => {
    const { messages } = emulated([]).client.beta;
    expect(() => messages.toolRunner({ ...PARAMS, tools: [], ...params })).toThrow(message);
  });

  it('sends no params of its own', async () => {
    const { client, emulator } = emulated([reply.text('Hello')]);
    const own = { max_iterations: 2, runToolsEagerly: false } as const;
    await client.beta.messages.toolRunner({ ...PARAMS, tools: [], ...own });
    expect(Object.keys(emulator.requests[0]?.body ?? {})).not.toContain('runToolsEagerly');
    expect(Object.keys(emulator.requests[0]?.body ?? {})).not.toContain('max_iterations');
  });

  it('names what to write for methods that are not here', () => {
    const { messages } = emulated([]).client.beta;
    const runner = messages.toolRunner({ ...PARAMS, tools: [], runToolsEagerly: false });
    const read = (owner: object, name: string) => () => (owner as Record<string, unknown>)[name];
    expect(read(runner, 'addTools')).toThrow('write runner.setMessagesParams() with other `tools`');
    expect(read(runner, 'compactBeforeNextTurn')).toThrow('send the param `context_management`');
    expect(read(messages, 'thread')).toThrow('client.beta.messages.thread is not part of');
  });

  it('infers the input from JSON Schema', () => {
    const tool = betaTool({
      name: 'add',
      description: 'Adds',
      inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
      run: ({ a }) => a.toFixed(1),
    });
    expect(tool.run({ a: 1 })).toBe('1.0');
    const list = { type: 'array' } as unknown as { type: 'object' };
    expect(() => betaTool({ ...tool, description: '', inputSchema: list, run: () => '' })).toThrow(
      'must be an object, but got array',
    );
  });
});
