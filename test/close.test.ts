import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../src/client.js';
import { tool } from '../src/tools/tool.js';
import { sse, textMessage } from './contract/wire.js';
import { all, clientOf, collectRaised, failure, idle, PARAMS, take } from './stream/support.js';
import { type RawServer, rawServer, type Script } from './support/raw-server.js';

const WHOLE: Script = { body: [sse(...textMessage('Hello', ' world'))] };
const HALF: Script = { body: [sse(...textMessage('Hello', ' world').slice(0, 4))], end: 'hang' };
const MUTE: Script = { status: 'none', end: 'hang' };

const CLOSED = {
  name: 'APIUserAbortError',
  message: expect.stringMatching(/^the client was closed: make another to send more requests/),
};

const nothing = tool({ name: 'nothing', input: { type: 'object' }, run: () => '' });

/** Everything that sends requests. */
const calls: Readonly<Record<string, (client: Anthropic) => Promise<unknown>>> = {
  stream: ({ messages }) => all(messages.stream(PARAMS)),
  getFinalMessage: ({ messages }) => messages.stream(PARAMS).getFinalMessage(),
  connect: ({ messages }) => messages.stream(PARAMS).connect(),
  recover: ({ messages }) => messages.stream(PARAMS, { recover: true }).untilDone(),
  create: ({ messages }) => messages.create(PARAMS),
  'a long create': ({ messages }) => messages.create({ ...PARAMS, max_tokens: 64_000 }),
  withResponse: ({ messages }) => messages.withResponse.create(PARAMS),
  'raw events': async ({ messages }) => all(await messages.create({ ...PARAMS, stream: true })),
  countTokens: ({ messages }) => messages.countTokens(PARAMS),
  beta: ({ beta }) => beta.messages.create(PARAMS),
  toolRunner: ({ messages }) =>
    messages.toolRunner({ ...PARAMS, tools: [nothing] }).getFinalMessage(),
};

describe.each(Object.entries(calls))('close() and %s', (_, call) => {
  it('ends what is open', async () => {
    await using server = await rawServer(MUTE);
    const client = clientOf(server);
    const failed = failure(call(client));
    const { left } = await server.exchange();
    client.close();
    expect(await failed).toMatchObject(CLOSED);
    await left;
  });

  it('refuses what comes later, without a request', async () => {
    await using server = await rawServer(WHOLE);
    const client = clientOf(server);
    client.close();
    client.close();
    expect(await failure(call(client))).toMatchObject(CLOSED);
    await idle();
    expect(server.exchanges).toEqual([]);
  });
});

describe('close()', () => {
  it('ends what has a signal too', async () => {
    await using server = await rawServer(MUTE);
    const client = clientOf(server);
    const { signal } = new AbortController();
    const failed = failure(client.messages.stream(PARAMS, { signal }).untilDone());
    await server.exchange();
    client.close();
    expect(await failed).toMatchObject(CLOSED);
  });

  it('leaves what was received, and its cause says who closed', async () => {
    await using server = await rawServer(HALF);
    const client = clientOf(server);
    const stream = client.messages.stream(PARAMS);
    await take(stream[Symbol.asyncIterator](), 3);
    function whoCloses(): void {
      client.close();
    }
    whoCloses();
    const error = await failure(stream.getFinalText());
    expect(error).toMatchObject({ ...CLOSED, partialMessage: { content: [{ text: 'Hello' }] } });
    expect(String((error as { cause: Error }).cause.stack)).toContain('whoCloses');
  });

  it('ends each stream with an error of its own', async () => {
    await using server = await rawServer(HALF);
    const client = clientOf(server);
    const streams = [client.messages.stream(PARAMS), client.messages.stream(PARAMS)];
    for (const stream of streams) await stream.connect();
    client.close();
    const [one, other] = await Promise.all(streams.map((stream) => failure(stream.untilDone())));
    expect(one).toMatchObject(CLOSED);
    expect(other).toMatchObject(CLOSED);
    expect(one).not.toBe(other);
  });

  it('is no failure of a stream that only listeners read', async () => {
    using raised = collectRaised();
    await using server = await rawServer(HALF);
    const client = clientOf(server);
    const heard = new Promise((resolve) => {
      client.messages.stream(PARAMS).on('text', resolve);
    });
    await heard;
    client.close();
    await (await server.exchange()).left;
    await idle();
    expect(raised.errors).toEqual([]);
  });

  it('changes nothing for a message that is complete, and for other clients', async () => {
    await using server = await rawServer(WHOLE);
    const client = clientOf(server);
    const other = client.withOptions({ maxRetries: 0 });
    const stream = client.messages.stream(PARAMS);
    await stream.untilDone();
    client.close();
    expect(await stream.getFinalText()).toBe('Hello world');
    expect(await other.messages.stream(PARAMS).getFinalText()).toBe('Hello world');
  });

  it('is what using and await using do', async () => {
    await using server = await rawServer(WHOLE);
    const clients: Anthropic[] = [];
    {
      using one = clientOf(server);
      await using other = clientOf(server);
      clients.push(one, other);
    }
    for (const { messages } of clients) {
      expect(await failure(messages.create(PARAMS))).toMatchObject(CLOSED);
    }
  });

  /** The connection of a request. */
  async function portOf(client: Anthropic, { exchanges }: RawServer): Promise<number> {
    await client.messages.stream(PARAMS).untilDone();
    await idle();
    return exchanges.at(-1)?.port ?? 0;
  }

  it('closes the idle connections to its host', async () => {
    await using server = await rawServer(WHOLE);
    const client = clientOf(server);
    const first = await portOf(client, server);
    expect(await portOf(clientOf(server), server)).toBe(first);
    client.close();
    expect(await portOf(clientOf(server), server)).not.toBe(first);
  });

  it('leaves the connections of an agent to its owner', async () => {
    await using server = await rawServer(WHOLE);
    const agent = new Agent({ keepAlive: true });
    const client = clientOf(server, { agent });
    const first = await portOf(client, server);
    client.close();
    expect(await portOf(clientOf(server, { agent }), server)).toBe(first);
    agent.destroy();
  });
});
