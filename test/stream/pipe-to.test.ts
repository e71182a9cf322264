import { EventEmitter } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, createServer as createServer2, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { AnthropicError, type APIUserAbortError, OverloadedError } from '../../src/errors.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import type { ToResponseOptions } from '../../src/stream/sse-response.js';
import { createEmulator, fault, type Reply, reply } from '../../src/testing/index.js';
import { all, failure, fed, PARAMS, RICH, RICH_TEXT } from './support.js';

function streamOf(answer: Reply): MessageStream {
  const { fetch } = createEmulator({ replies: [answer] });
  return new Anthropic({ apiKey: 'key', fetch, maxRetries: 0 }).messages.stream(PARAMS);
}

/** A server whose responses a handler writes, and what became of the last one. */
async function nodeServer(handle: (response: ServerResponse) => Promise<void>) {
  let handled: Promise<void> = Promise.resolve();
  const server = createServer((_, response) => {
    handled = handle(response);
    handled.catch(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    handled: () => handled,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('pipeTo(response)', () => {
  it('gives the same stream on the far side, under the headers of an event stream', async () => {
    const near = fed();
    near.feed(...RICH);
    await using web = await nodeServer((response) => {
      response.setHeader('access-control-allow-origin', '*');
      return near.stream.pipeTo(response, { headers: { 'x-own': '1' } });
    });
    const received = await fetch(web.url);
    const far = MessageStream.from(received);
    expect(await all(far)).toHaveLength(RICH.length - 1);
    expect(await far.getFinalMessage()).toEqual(await near.stream.getFinalMessage());
    expect(await far.getFinalText()).toBe(RICH_TEXT);
    await web.handled();
    expect(received.status).toBe(200);
    expect(Object.fromEntries(received.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
      'x-own': '1',
    });
  });

  it('over HTTP/2', async () => {
    const server = createServer2((_, response: Http2ServerResponse) => {
      void streamOf(reply.text('Hello')).pipeTo(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const chunks: Buffer[] = [];
    for await (const chunk of session.request({ ':path': '/' })) chunks.push(chunk);
    expect(await MessageStream.from(new Response(Buffer.concat(chunks))).getFinalText()).toBe(
      'Hello',
    );
    await new Promise<void>((resolve) => session.close(resolve));
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends the head before the first event', async () => {
    const near = fed();
    await using web = await nodeServer((response) => near.stream.pipeTo(response));
    const far = MessageStream.from(await fetch(web.url));
    near.feed(...RICH);
    expect(await far.getFinalText()).toBe(RICH_TEXT);
  });

  it.each<[what: string, own: number | undefined, status: number | undefined, seen: number]>([
    ['of the response', 201, undefined, 201],
    ['of the options', 201, 202, 202],
    ['200', undefined, undefined, 200],
  ])('has the status %s', async (_, own, status, seen) => {
    await using web = await nodeServer((response) => {
      if (own !== undefined) response.statusCode = own;
      const init = status === undefined ? {} : { status };
      return streamOf(reply.text('Hello')).pipeTo(response, init);
    });
    const received = await fetch(web.url);
    expect(received.status).toBe(seen);
    await received.text();
  });

  it('after connect() a failure can still be a status', async () => {
    await using web = await nodeServer(async (response) => {
      const stream = streamOf(reply.error(529));
      const error = await failure(stream.connect());
      expect(error).toBeInstanceOf(OverloadedError);
      response.writeHead((error as OverloadedError).status ?? 502).end();
    });
    expect((await fetch(web.url)).status).toBe(529);
    await web.handled();
  });

  it('resolves where the stream fails: the far side has the error, masked as toResponse() does', async () => {
    const key = (): never => {
      throw new Error('vault said: token abcdefgh');
    };
    const stream = new Anthropic({ apiKey: key, maxRetries: 0 }).messages.stream(PARAMS);
    await using web = await nodeServer((response) => stream.pipeTo(response));
    const error = await failure(MessageStream.from(await fetch(web.url)).getFinalText());
    expect((error as Error).message).toContain('the server could not handle the request');
    await web.handled();
  });

  it('passes on what toResponse() would', async () => {
    const answer = reply.sequence(reply.thinking('secret'), reply.text('Hello'));
    await using web = await nodeServer((response) =>
      streamOf(answer).pipeTo(response, { expose: { thinking: false } }),
    );
    const text = await (await fetch(web.url)).text();
    expect(text).toContain('Hello');
    expect(text).not.toContain('secret');
  });

  it('refuses a response that has begun', async () => {
    await using web = await nodeServer((response) => {
      response.writeHead(200).flushHeaders();
      return streamOf(reply.text('Hello')).pipeTo(response);
    });
    await (await fetch(web.url)).text();
    const error = await failure(web.handled());
    expect(error).toBeInstanceOf(AnthropicError);
    expect((error as Error).message).toContain('call pipeTo(response) before you write to it');
  });
});

/** A response that takes one text at a time. */
class NarrowResponse extends EventEmitter {
  headersSent = false;
  destroyed = false;
  statusCode = 200;
  readonly texts: string[] = [];
  isEnded = false;
  setHeader(): void {}
  flushHeaders(): void {
    this.headersSent = true;
  }
  write(text: string): boolean {
    this.texts.push(text);
    this.emit('text');
    return false;
  }
  end(): void {
    this.isEnded = true;
  }
  destroy(): void {
    this.close();
  }
  close(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('a client that is slow', () => {
  it('slows the stream: no event is asked for before there is room', async () => {
    const { stream, feed } = fed();
    feed(...RICH);
    const response = new NarrowResponse();
    const written = stream.pipeTo(response);
    let count = 0;
    for (; !response.isEnded; response.emit('drain')) {
      if (response.texts.length === count)
        await new Promise((resolve) => response.once('text', resolve));
      expect(response.texts).toHaveLength(++count);
      if (count === RICH.length) break;
    }
    response.emit('drain');
    await written;
    expect(response.isEnded).toBe(true);
    expect(response.eventNames()).toEqual([]);
  });
});

describe('a client that disconnects', () => {
  const stalled = () => {
    const emulator = createEmulator({
      replies: [reply.faulty(reply.text('Once upon a time'), fault.stall({ phase: 'text' }))],
    });
    const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
    return { emulator, stream: client.messages.stream(PARAMS) };
  };

  it.each<[when: string, hasRoom: boolean]>([
    ['while the stream is silent', true],
    ['while it has no room', false],
  ])('%s closes the request, where it is the only reader', async (_, hasRoom) => {
    const { emulator, stream } = stalled();
    const response = new NarrowResponse();
    const begun = new Promise((resolve) => response.once('text', resolve));
    const written = stream.pipeTo(response);
    await begun;
    if (hasRoom) response.emit('drain');
    response.close();
    await written;
    expect(await emulator.requests[0]?.ended).toBe('left');
    expect(response.eventNames()).toEqual([]);
    expect((await failure(stream.getFinalText())) as APIUserAbortError).toMatchObject({
      name: 'APIUserAbortError',
    });
  });

  it('before the first event sends nothing', async () => {
    const { emulator, stream } = stalled();
    const response = new NarrowResponse();
    response.destroyed = true;
    await stream.pipeTo(response);
    expect(response.headersSent).toBe(false);
    expect(emulator.requests).toEqual([]);
  });

  const served: Readonly<
    Record<string, (stream: MessageStream, options: ToResponseOptions) => Promise<() => void>>
  > = {
    'pipeTo()': async (stream, options) => {
      const response = new NarrowResponse();
      void stream.pipeTo(response, options);
      await new Promise((resolve) => response.once('text', resolve));
      return () => response.close();
    },
    'toResponse()': async (stream, options) => {
      const reader = stream.toResponse(options).body?.getReader();
      await reader?.read();
      return () => void reader?.cancel();
    },
  };

  describe.each(Object.entries(served))('of %s', (_, serve) => {
    it('with another reader leaves the stream open', async () => {
      const { stream, feed } = fed();
      const text = stream.getFinalText();
      feed(...RICH.slice(0, 4));
      const leave = await serve(stream, {});
      leave();
      feed(...RICH.slice(4));
      expect(await text).toBe(RICH_TEXT);
    });

    it("with onDisconnect: 'continue' leaves the rest to be read", async () => {
      const { stream, feed } = fed();
      feed(...RICH.slice(0, 4));
      const leave = await serve(stream, { onDisconnect: 'continue' });
      const done = new Promise<void>((resolve) => stream.on('end', resolve));
      leave();
      feed(...RICH.slice(4));
      await done;
      expect(await stream.getFinalText()).toBe(RICH_TEXT);
    });
  });

  it.each(['toResponse', 'pipeTo'] as const)('%s refuses another onDisconnect', async (name) => {
    const options = { onDisconnect: 'abort' } as unknown as ToResponseOptions;
    const { stream } = fed();
    const called = async (): Promise<unknown> => stream[name](options as never, options as never);
    expect(((await failure(called())) as Error).message).toContain("pass 'close' or 'continue'");
  });
});
