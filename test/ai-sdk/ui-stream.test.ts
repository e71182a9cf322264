import { describe, expect, it } from 'vitest';
import {
  toUIMessageStream,
  toUIMessageStreamResponse,
  type UIMessageChunk,
  type UISource,
  type UIStreamOptions,
} from '../../src/ai-sdk/index.js';
import { Anthropic } from '../../src/client.js';
import { type RunnerOptions, type RunnerTool, RunStream, tool } from '../../src/index.js';
import { createEmulator, fault, type Replies, reply } from '../../src/testing/index.js';
import { blockStart, blockStop, messageStart, textBlock, textDelta } from '../contract/wire.js';
import { fed } from '../stream/support.js';
import { askFor, CITY, PARAMS, weatherTool } from '../tools/support.js';

const clientFor = (replies: Replies): Anthropic =>
  new Anthropic({
    apiKey: 'test',
    maxRetries: 0,
    fetch: createEmulator({ replies }).fetch,
  });

const stream = (replies: Replies) => clientFor(replies).messages.stream(PARAMS);

const run = (
  replies: Replies,
  options: RunnerOptions = {},
  tools: RunnerTool[] = [weatherTool()],
) => clientFor(replies).messages.toolRunner({ ...PARAMS, tools }, options);

async function chunks(source: UISource, options?: UIStreamOptions): Promise<UIMessageChunk[]> {
  const all: UIMessageChunk[] = [];
  for await (const chunk of toUIMessageStream(source, options)) all.push(chunk);
  return all;
}

/** Without deltas, whose number depends on the reader. */
const steady = (all: readonly UIMessageChunk[]): UIMessageChunk[] =>
  all.filter(({ type }) => !type.endsWith('-delta'));

const joined = (all: readonly UIMessageChunk[], type: string): string =>
  all.map((chunk) => (chunk.type === type && 'delta' in chunk ? chunk.delta : '')).join('');

describe('a message as UI chunks', () => {
  it('thinking, text and a call, with a step around them', async () => {
    const all = await chunks(
      stream([
        reply.sequence(
          reply.thinking('Hm.'),
          reply.text('Let me see.'),
          reply.toolUse('get_weather', { city: 'Oslo' }, { id: 'toolu_1' }),
        ),
      ]),
    );
    const call = { toolCallId: 'toolu_1', toolName: 'get_weather' };
    expect(steady(all)).toEqual([
      { type: 'start', messageId: expect.stringMatching(/^msg_/) },
      { type: 'start-step' },
      { type: 'reasoning-start', id: 'part-1' },
      {
        type: 'reasoning-end',
        id: 'part-1',
        providerMetadata: { anthropic: { signature: expect.any(String) } },
      },
      { type: 'text-start', id: 'part-2' },
      { type: 'text-end', id: 'part-2' },
      { type: 'tool-input-start', ...call },
      { type: 'tool-input-available', ...call, input: { city: 'Oslo' } },
      { type: 'finish-step' },
      {
        type: 'finish',
        finishReason: 'tool-calls',
        messageMetadata: { usage: expect.objectContaining({ output_tokens: expect.any(Number) }) },
      },
    ]);
    expect(joined(all, 'reasoning-delta')).toBe('Hm.');
    expect(joined(all, 'text-delta')).toBe('Let me see.');
  });

  it('tools that the API runs, with their sources, each once', async () => {
    const page = {
      type: 'web_search_result',
      title: 'Rain',
      url: 'https://a.b',
      encrypted_content: 'x',
      page_age: null,
    };
    const all = await chunks(
      stream([reply.serverTool('web_search', { query: 'rain' }, [page, { ...page }])]),
    );
    const id = { toolCallId: expect.stringMatching(/^srvtoolu_/), providerExecuted: true };
    expect(steady(all).slice(2, -2)).toEqual([
      { type: 'tool-input-start', ...id, toolName: 'web_search' },
      { type: 'tool-input-available', ...id, toolName: 'web_search', input: { query: 'rain' } },
      {
        type: 'tool-output-available',
        ...id,
        output: [page, page],
        providerMetadata: { anthropic: { type: 'web_search_tool_result' } },
      },
      { type: 'source-url', sourceId: 'https://a.b', url: 'https://a.b', title: 'Rain' },
    ]);
  });

  it.each<[what: string, block: object, chunk: object]>([
    [
      'redacted thinking',
      { type: 'redacted_thinking', data: 'x' },
      { type: 'reasoning-end', providerMetadata: { anthropic: { redactedData: 'x' } } },
    ],
    [
      'a result that is an error',
      { type: 'web_search_tool_result', tool_use_id: 't', content: { error_code: 'unavailable' } },
      { type: 'tool-output-error', toolCallId: 't', errorText: 'unavailable' },
    ],
    [
      'a result of an MCP server that is one',
      { type: 'mcp_tool_result', tool_use_id: 't', is_error: true, content: ['no'] },
      { type: 'tool-output-error', toolCallId: 't', errorText: '["no"]' },
    ],
    [
      'a block of a kind that is new',
      { type: 'hologram', light: 1 },
      { type: 'data-hologram', data: { type: 'hologram', light: 1 } },
    ],
  ])('%s', async (_, block, chunk) => {
    const { stream, feed } = fed();
    feed(messageStart(), blockStart(0, block as { type: string }), blockStop(0));
    feed({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' });
    expect(await chunks(stream)).toContainEqual(expect.objectContaining(chunk));
  });

  it('a citation of a document is a source', async () => {
    const { stream, feed } = fed();
    const citation = { type: 'page_location', document_index: 0, document_title: 'Mills' };
    const cite = {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'citations_delta', citation },
    };
    feed(messageStart(), blockStart(0, { type: 'text', text: '', citations: [] }), cite, cite);
    feed(textDelta(0, 'x'), blockStop(0));
    feed({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' });
    const sources = (await chunks(stream)).filter(({ type }) => type === 'source-document');
    expect(sources).toEqual([
      {
        type: 'source-document',
        sourceId: 'document-0',
        mediaType: 'application/pdf',
        title: 'Mills',
      },
    ]);
  });

  it('a call that is cut has no input to run with', async () => {
    const { stream, feed } = fed();
    const call = { type: 'tool_use', id: 't', name: 'x', input: {} };
    feed(messageStart(), blockStart(0, call));
    feed({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"a":"b' },
    });
    feed(
      blockStop(0),
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' } },
      { type: 'message_stop' },
    );
    const all = await chunks(stream);
    expect(all.map(({ type }) => type)).not.toContain('tool-input-available');
    expect(all).toContainEqual(
      expect.objectContaining({
        type: 'tool-input-error',
        input: { a: 'b' },
        errorText: expect.stringContaining('cut'),
      }),
    );
    expect(all.at(-1)).toMatchObject({ type: 'finish', finishReason: 'length' });
  });

  it('after a restart the step is written again, in parts with new ids', async () => {
    const { stream, feed } = fed();
    feed(messageStart(), ...textBlock(0, 'kept'), ...textBlock(1, 'gone').slice(0, 2));
    feed({ type: 'millrace.restart', index: 1 }, ...textBlock(1, 'new'));
    feed({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' });
    const all = await chunks(stream);
    const reset = all.findIndex(({ type }) => type === 'reset-step');
    expect(reset).toBeGreaterThan(0);
    const after = all.slice(reset);
    expect(joined(after, 'text-delta')).toBe('keptnew');
    const idsOf = (some: readonly UIMessageChunk[]): unknown[] =>
      some.flatMap((chunk) => (chunk.type === 'text-start' ? chunk.id : []));
    const ids = idsOf(all);
    expect(new Set(ids).size).toBe(ids.length);
    expect(idsOf(after)).toHaveLength(2);
  });
});

describe('a run as UI chunks', () => {
  it('a step for each turn, and what becomes of its calls', async () => {
    const slow = tool({
      name: 'get_weather',
      input: CITY,
      run: ({ city }, { emit }) => {
        if (city === 'Nowhere') throw new Error('no such place');
        emit({ progress: 1 });
        return { sky: 'blue' };
      },
    });
    const calls = reply.sequence(askFor('Oslo', 'toolu_1'), askFor('Nowhere', 'toolu_2'));
    const all = await chunks(run([calls, reply.text('Blue.')], {}, [slow]));
    const outputs = all.filter(({ type }) => type.startsWith('tool-output'));
    expect(outputs).toEqual(
      expect.arrayContaining([
        {
          type: 'tool-output-available',
          toolCallId: 'toolu_1',
          output: { progress: 1 },
          preliminary: true,
        },
        { type: 'tool-output-available', toolCallId: 'toolu_1', output: '{"sky":"blue"}' },
        { type: 'tool-output-error', toolCallId: 'toolu_2', errorText: 'Error: no such place' },
      ]),
    );
    const types = all.map(({ type }) => type);
    expect(types.filter((type) => type === 'start')).toHaveLength(1);
    expect(types.filter((type) => type === 'start-step')).toHaveLength(2);
    expect(types.filter((type) => type === 'finish-step')).toHaveLength(2);
    expect(all.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
  });

  it.each([
    ['here', (runner: ReturnType<typeof run>) => runner],
    [
      'that is read from elsewhere',
      (runner: ReturnType<typeof run>) => RunStream.from(runner.toResponse()),
    ],
  ])('approvals of a run %s', async (_, sideOf) => {
    const calls = reply.sequence(askFor('Oslo', 'toolu_1'), askFor('Bergen', 'toolu_2'));
    const runner = run([calls, reply.text('Fine.')], { approve: 'ask' });
    const heard: UIMessageChunk[] = [];
    for await (const chunk of toUIMessageStream(sideOf(runner))) {
      if (/approval|output/.test(chunk.type)) heard.push(chunk);
      if (chunk.type === 'tool-approval-request')
        runner.decide(chunk.approvalId, chunk.toolCallId === 'toolu_1');
    }
    const order = (id: string): UIMessageChunk[] =>
      heard.filter((chunk) => JSON.stringify(chunk).includes(id));
    expect(order('toolu_1')).toEqual([
      { type: 'tool-approval-request', approvalId: 'toolu_1', toolCallId: 'toolu_1' },
      { type: 'tool-approval-response', approvalId: 'toolu_1', approved: true },
      { type: 'tool-output-available', toolCallId: 'toolu_1', output: 'Sunny in Oslo' },
    ]);
    expect(order('toolu_2')).toEqual([
      { type: 'tool-approval-request', approvalId: 'toolu_2', toolCallId: 'toolu_2' },
      { type: 'tool-approval-response', approvalId: 'toolu_2', approved: false },
      { type: 'tool-output-denied', toolCallId: 'toolu_2' },
    ]);
  });
});

describe('failures', () => {
  it('are the last chunk, masked as toResponse() does, and nothing is short', async () => {
    const cut = reply.faulty(reply.text('Once upon'), fault.cut({ phase: 'text' }));
    const all = await chunks(stream([cut]));
    expect(all.at(-1)).toEqual({
      type: 'error',
      errorText: 'the response of the API ended before its message did',
    });
    expect(all.map(({ type }) => type)).not.toContain('finish');
    const mapped = await chunks(stream([reply.error(529)]), { error: () => 'try later' });
    expect(mapped).toEqual([{ type: 'error', errorText: 'try later' }]);
  });

  it('by close() are an abort', async () => {
    const stalled = stream([reply.faulty(reply.text('Once upon'), fault.stall({ phase: 'text' }))]);
    const all: UIMessageChunk[] = [];
    for await (const chunk of toUIMessageStream(stalled)) {
      all.push(chunk);
      if (chunk.type === 'text-delta') stalled.close();
    }
    expect(all.at(-1)).toEqual({ type: 'abort', reason: 'the request was aborted' });
  });

  it('a value that is no stream is refused', () => {
    expect(() => toUIMessageStream({} as UISource)).toThrow('this is no stream');
  });
});

describe('toUIMessageStreamResponse()', () => {
  it('is protocol v1: a header, chunks as events, [DONE]', async () => {
    const source = stream([reply.text('Hello')]);
    const response = toUIMessageStreamResponse(source, { status: 201, headers: { 'x-own': '1' } });
    expect(response.status).toBe(201);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-vercel-ai-ui-message-stream': 'v1',
      'content-type': 'text/event-stream; charset=utf-8',
      'x-own': '1',
    });
    const events = (await response.text()).split('\n\n').filter((text) => text !== '');
    expect(events.at(-1)).toBe('data: [DONE]');
    const sent = events.slice(0, -1).map((text) => JSON.parse(text.replace(/^data: /, '')));
    expect(steady(sent)).toEqual(steady(await chunks(source)));
  });

  it('is 204 where there is nothing to resume', () => {
    expect(toUIMessageStreamResponse(undefined).status).toBe(204);
  });

  it('ends the request when the client leaves, or continues', async () => {
    for (const onDisconnect of ['close', 'continue'] as const) {
      const { stream, feed } = fed();
      feed(messageStart(), ...textBlock(0, 'Once').slice(0, 2));
      const reader = toUIMessageStreamResponse(stream, { onDisconnect }).body?.getReader();
      await reader?.read();
      await reader?.cancel();
      if (onDisconnect === 'continue')
        feed(
          blockStop(0),
          { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
          { type: 'message_stop' },
        );
      const text = await stream.getFinalText().catch((error: Error) => error.name);
      expect(text).toBe(onDisconnect === 'close' ? 'APIUserAbortError' : 'Once');
    }
  });

  it('hides what is not exposed', async () => {
    const secret = reply.sequence(reply.thinking('secret thought'), askFor('Oslo'));
    const expose = { thinking: false, toolInputs: false, toolResults: false, usage: false };
    const runner = run([secret, reply.text('Fine.')], { approve: () => true });
    const text = await toUIMessageStreamResponse(runner, { expose }).text();
    expect(text).not.toMatch(/secret|Oslo|Sunny|output_tokens/);
    expect(text).toContain('Fine.');
  });
});
