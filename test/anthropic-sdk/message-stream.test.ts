import { describe, expect, it, vi } from 'vitest';
import { APIConnectionError, APIUserAbortError } from '../../packages/anthropic-sdk/src/index.js';
import { BetaMessageStream } from '../../packages/anthropic-sdk/src/lib/BetaMessageStream.js';
import { MessageStream } from '../../packages/anthropic-sdk/src/lib/MessageStream.js';
import { fault, reply } from '../../src/testing/index.js';
import { emulated, failure, PARAMS } from './support.js';

const STORY = reply.sequence(
  reply.thinking('Hm.'),
  reply.text('Hello, world'),
  reply.toolUse('look', { at: 'it' }),
);
const CUT = reply.faulty(reply.text('Hello, world'), fault.cut({ phase: 'text' }));
const STALLED = reply.faulty(reply.text('Hello, world'), fault.stall({ phase: 'text' }));

describe('listeners', () => {
  it('hear everything, in order', async () => {
    const { client } = emulated([STORY]);
    const stream = client.messages.stream(PARAMS);
    const heard: string[] = [];
    for (const name of ['connect', 'message', 'finalMessage', 'end', 'contentBlock'] as const) {
      stream.on(name, () => heard.push(name));
    }
    const text = vi.fn();
    const thinking = vi.fn();
    const inputJson = vi.fn();
    const streamEvent = vi.fn();
    stream.on('text', text).on('thinking', thinking).on('inputJson', inputJson);
    stream.on('streamEvent', streamEvent);
    await stream.done();
    expect(heard).toEqual([
      'connect',
      'contentBlock',
      'contentBlock',
      'contentBlock',
      'message',
      'finalMessage',
      'end',
    ]);
    expect(text.mock.lastCall?.[1]).toBe('Hello, world');
    expect(thinking.mock.lastCall?.[1]).toBe('Hm.');
    expect(inputJson.mock.lastCall?.[1]).toEqual({ at: 'it' });
    expect(streamEvent.mock.lastCall).toMatchObject([
      { type: 'message_stop' },
      { role: 'assistant' },
    ]);
    expect(stream.ended).toBe(true);
  });

  it('are removed one at a time, and called once', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const twice = vi.fn();
    const once = vi.fn();
    const stream = client.messages.stream(PARAMS).on('streamEvent', twice).on('streamEvent', twice);
    await stream.off('streamEvent', twice).once('streamEvent', once).done();
    expect(twice).toHaveBeenCalledTimes(6);
    expect(once).toHaveBeenCalledTimes(1);
  });

  it('hear an error', async () => {
    const { client } = emulated([CUT]);
    const stream = client.messages.stream(PARAMS);
    const error = await stream.emitted('error');
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(error).toHaveProperty('partialMessage.role', 'assistant');
    expect(stream.errored).toBe(true);
  });
});

describe('reading', () => {
  it('gives raw events to loops, at any time', async () => {
    const { client } = emulated([STORY]);
    const stream = client.messages.stream(PARAMS);
    const final = await stream.finalMessage();
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
    expect(final.content).toMatchObject([
      { type: 'thinking' },
      { type: 'text', text: 'Hello, world' },
      { type: 'tool_use' },
    ]);
    expect(stream.currentMessage).toMatchObject({ role: 'assistant' });
    expect(stream.receivedMessages).toEqual([final]);
    expect(stream.messages).toHaveLength(2);
  });

  it('has text, response and request id', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const stream = client.messages.stream({ ...PARAMS, stream: true });
    const { data, response, request_id } = await stream.withResponse();
    expect(data).toBe(stream);
    expect(stream.response?.status).toBe(200);
    expect(response.headers.get('request-id')).toBe(request_id);
    expect(await stream.finalText()).toBe('Hello');
  });

  it('throws for a cut after the events before it', async () => {
    const { client } = emulated([CUT]);
    const events: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { type } of client.messages.stream(PARAMS)) events.push(type);
    };
    expect(await failure(read())).toBeInstanceOf(APIConnectionError);
    expect(events).toContain('content_block_delta');
  });

  it('closes the request where a loop is left', async () => {
    const { client, emulator } = emulated([STALLED]);
    for await (const { type } of client.messages.stream(PARAMS)) {
      if (type === 'content_block_delta') break;
    }
    const [request] = emulator.requests;
    expect(await request?.ended).toBe('left');
  });

  it('ends with abort()', async () => {
    const { client } = emulated([STALLED]);
    const stream = client.messages.stream(PARAMS);
    const aborted = vi.fn();
    stream.on('abort', aborted);
    const final = failure(stream.finalMessage());
    await stream.emitted('text');
    stream.abort();
    expect(await final).toBeInstanceOf(APIUserAbortError);
    expect(aborted).toHaveBeenCalledTimes(1);
    expect(stream.aborted).toBe(true);
  });
});

describe('lines of JSON', () => {
  it.each([MessageStream, BetaMessageStream])('are a stream again (%s)', async (Class) => {
    const { client } = emulated([STORY]);
    const lines = client.messages.stream(PARAMS).toReadableStream();
    const stream = Class.fromReadableStream(lines);
    expect((await stream.finalMessage()).content).toHaveLength(3);
    expect(stream).toBeInstanceOf(Class);
  });

  it('that end early are an error', async () => {
    const line = JSON.stringify({
      type: 'message_start',
      message: { role: 'assistant', content: [] },
    });
    const body = new Response(`${line}\n`).body as ReadableStream;
    expect(await failure(MessageStream.fromReadableStream(body).done())).toBeInstanceOf(
      APIConnectionError,
    );
  });
});
