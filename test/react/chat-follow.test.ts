import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIConnectionError, type MessageParam } from '../../src/index.js';
import { ChatStore } from '../../src/react/chat-store.js';
import { createRelay } from '../../src/relay/relay.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { askFor, PARAMS, weatherTool } from '../tools/support.js';

// useChat().follow, without React: an answer over connections that are lost.

const ASKED: MessageParam[] = [{ role: 'user', content: 'Weather?' }];

async function relayedRun() {
  const replies = [
    reply.sequence(reply.text('I look.'), askFor('Oslo', 't')),
    reply.text('Sunny.'),
  ];
  const { fetch } = createEmulator({ replies });
  const client = new Anthropic({ apiKey: 'key', fetch });
  const relay = createRelay();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  await (await relay.startRun('a', runner)).untilDone();
  return (id: string | undefined) => {
    const headers: Record<string, string> = id === undefined ? {} : { 'last-event-id': id };
    return relay.handle(new Request('http://relay/', { headers }), 'a');
  };
}

const store = (): ChatStore =>
  new ChatStore(ASKED, { open: async () => Response.error(), decide: undefined });

describe('a chat', () => {
  it('follows an answer over connections that are lost', async () => {
    const get = await relayedRun();
    const chat = store();
    const ids: (string | undefined)[] = [];
    await chat.follow(async (id) => {
      ids.push(id);
      const text = await (await get(id)).text();
      // Each connection ends in the middle of an event, some events later.
      const end = text.split('\n\n').slice(0, 6).join('\n\n').length - 20;
      return new Response(ids.length < 4 ? text.slice(0, end) : text);
    });
    const { status, error, messages, calls } = chat.state();
    expect([status, error]).toEqual(['ready', undefined]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(messages.at(-1)?.content).toMatchObject([{ type: 'text', text: 'Sunny.' }]);
    expect(calls.t).toMatchObject({ state: 'done', result: { content: 'Sunny in Oslo' } });
    expect(ids[0]).toBe(undefined);
    expect(new Set(ids).size).toBe(4);
  });

  it('has nothing to follow where the first response is 204', async () => {
    const chat = store();
    await chat.follow(async () => new Response(null, { status: 204 }));
    expect(chat.state()).toMatchObject({ status: 'ready', error: undefined, messages: ASKED });
  });

  it('that is stopped meanwhile keeps what it has, and leaves the connection', async () => {
    const get = await relayedRun();
    const chat = store();
    let left: AbortSignal | undefined;
    const following = chat.follow(async (id, signal) => {
      left = signal;
      const text = await (await get(id)).text();
      const start = text.slice(0, text.indexOf('event: message_delta'));
      return new Response(
        new ReadableStream({ start: (it) => it.enqueue(new TextEncoder().encode(start)) }),
      );
    });
    await new Promise<void>((resolve) => {
      chat.subscribe(() => chat.state().calls.t?.state === 'done' && resolve());
      chat.subscribe(() => JSON.stringify(chat.state().messages).includes('I look.') && resolve());
    });
    chat.stop();
    await following;
    expect(chat.state().status).toBe('ready');
    expect(chat.state().messages).toHaveLength(2);
    expect(left?.aborted).toBe(true);
  });

  it('fails where the run ends with an error', async () => {
    const chat = store();
    await chat.follow(async () => new Response('', { status: 404 }));
    expect(chat.state().status).toBe('error');
    expect(chat.state().error).not.toBeInstanceOf(APIConnectionError);
    expect(chat.state().messages).toEqual(ASKED);
  });
});
