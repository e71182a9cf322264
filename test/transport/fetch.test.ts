import { Readable } from 'node:stream';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import {
  AnthropicError,
  APIError,
  APIStatusError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../../src/errors.js';
import { PENDING, toPromise } from '../../src/pull/poll.js';
import { type Fetch, fetchTransport, fromResponse, proxyFor } from '../../src/transport/fetch.js';
import type { ResponseBody } from '../../src/transport/port.js';

const chunk = (size: number): Uint8Array => new Uint8Array(size);
const { signal } = new AbortController();

/** A body that counts what was pulled and hears of its end. */
function setup(size: number, count = Infinity) {
  const seen = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (seen.pulled === count) return controller.close();
        seen.pulled++;
        controller.enqueue(chunk(size));
      },
      cancel: () => {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, body: fromResponse(new Response(stream)).body };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('gives a custom fetch headers of its own, which it may change', async () => {
  const sent: unknown[] = [];
  const fetch: Fetch = async (_, init) => {
    const headers = init?.headers as Record<string, string>;
    sent.push({ ...headers });
    headers['x-signature'] = 'of this request';
    delete headers['anthropic-version'];
    return Response.json({ input_tokens: 1 });
  };
  const client = new Anthropic({ apiKey: 'key', fetch });
  const params = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };
  for (let n = 0; n < 2; n++) await client.messages.countTokens(params);
  expect(sent[1]).toEqual(sent[0]);
});

it('hands the request on as it is', async () => {
  const calls: [url: string, init: RequestInit][] = [];
  const transport = fetchTransport(async (...call) => {
    calls.push(call);
    return new Response('hi', { status: 202, statusText: 'Fine', headers: { 'x-a': '1' } });
  });
  const headers = { accept: 'text/event-stream' };
  const post = { method: 'POST', url: 'http://a.test/', headers, body: '{}' } as const;
  const { head } = await transport(post, signal);
  await transport({ ...post, method: 'GET', body: undefined }, signal);
  const sent = { headers, signal: expect.any(AbortSignal), redirect: 'manual' };
  expect(calls).toEqual([
    ['http://a.test/', { ...sent, method: 'POST', body: '{}' }],
    ['http://a.test/', { ...sent, method: 'GET' }],
  ]);
  expect(calls[1]?.[1]).not.toHaveProperty('body');
  expect([head.status, head.statusText, head.header('X-A'), head.header('x-b')]).toEqual([
    202,
    'Fine',
    '1',
    null,
  ]);
  expect(head.headers().get('x-a')).toBe('1');
  head.headers().delete('x-a');
  expect(head.headers().get('x-a')).toBe('1');
});

it.each(['proxy', 'agent', 'http2', 'tls'])('has no %s to use', (name) => {
  const options = (): unknown => proxyFor({ [name]: {} });
  expect(options).toThrow(AnthropicError);
  expect(options).toThrow(`${name} works on Node only`);
});

describe('a body', () => {
  const read = (body: ResponseBody): Promise<Uint8Array | null> =>
    toPromise<Uint8Array | null>((wake) => body.read(wake));

  it('that is none is at its end', async () => {
    const { body } = fromResponse(new Response(null));
    expect(await read(body)).toBeNull();
    body.cancel(new Error('left'));
    body.finish();
  });

  it('is not read before it is asked for', async () => {
    const { seen } = setup(10);
    await turn();
    expect(seen.pulled).toBe(0);
  });

  it('is read to its end', async () => {
    const { body } = setup(10, 3);
    const sizes: (number | undefined)[] = [];
    for (let bytes = await read(body); bytes !== null; bytes = await read(body))
      sizes.push(bytes.length);
    expect(sizes).toEqual([10, 10, 10]);
  });

  it('is read ahead by 64 KiB, and no more until it is read', async () => {
    const { seen, body } = setup(16 * 1_024);
    await read(body);
    await turn();
    expect(seen.pulled).toBe(1 + 4);
    await read(body);
    await turn();
    expect(seen.pulled).toBe(1 + 4 + 4);
  });

  it('has its next chunk when a reader that has waited asks again', async () => {
    const start = (controller: ReadableStreamDefaultController): void => {
      for (let count = 0; count < 3; count++) controller.enqueue(chunk(10));
      controller.close();
    };
    const { body } = fromResponse(new Response(new ReadableStream({ start })));
    const waits: boolean[] = [];
    for (let size = 10; size > 0; ) {
      let isAtHand = true;
      const bytes = await toPromise<Uint8Array | null>((wake) => {
        const bytes = body.read(wake);
        isAtHand &&= bytes !== PENDING;
        return bytes;
      });
      waits.push(!isAtHand);
      size = bytes?.length ?? 0;
    }
    expect(waits).toEqual([true, false, false, false]);
  });

  it('gives what came before a failure', async () => {
    const failure = new Error('reset');
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) =>
          pulled++ < 3 ? controller.enqueue(chunk(pulled)) : controller.error(failure),
      },
      { highWaterMark: 0 },
    );
    const { body } = fromResponse(new Response(stream));
    expect(await read(body)).toHaveLength(1);
    await turn();
    expect(await read(body)).toHaveLength(2 + 3);
    await expect(read(body)).rejects.toBe(failure);
  });

  it('that Node made of a stream may be left while a read is pending', async () => {
    let end = (): void => {};
    const open = new Promise<void>((resolve) => {
      end = resolve;
    });
    const stream = Readable.from(
      (async function* () {
        yield chunk(1);
        await open;
      })(),
    );
    const { body } = fromResponse(new Response(stream as never));
    const thrown: unknown[] = [];
    const note = (error: unknown): void => void thrown.push(error);
    // Vitest has a listener of its own, which would fail the run.
    const listeners = process.rawListeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', note);
    try {
      await read(body);
      await turn();
      body.cancel(new Error('left'));
      end();
      await turn();
      await turn();
      expect(thrown).toEqual([]);
      expect(stream.destroyed).toBe(true);
    } finally {
      process.off('uncaughtException', note);
      for (const listener of listeners) process.on('uncaughtException', listener as () => void);
    }
  });

  it.each<[what: string, isMade: boolean, open: (cancel: () => void) => ReadableStream]>([
    ['of a fetch', false, (cancel) => new ReadableStream({ type: 'bytes', cancel })],
    ['that is no byte stream', true, (cancel) => new ReadableStream({ cancel })],
  ])('%s is closed while a read is pending', async (_, isMade, open) => {
    let isCancelled = false;
    const stream = open(() => {
      isCancelled = true;
    });
    const { body } = fromResponse(new Response(stream), undefined, isMade);
    expect(body.read(() => {})).toBe(PENDING);
    body.cancel(new Error('left'));
    expect(isCancelled).toBe(true);
  });

  it('is closed when it is cancelled, also after a failure', async () => {
    const { seen, body } = setup(10);
    await read(body);
    body.cancel(new Error('left'));
    body.cancel(new Error('left'));
    await turn();
    expect(seen.cancelled).toBe(true);

    const failed = fromResponse(
      new Response(new ReadableStream({ start: (controller) => controller.error(new Error('x')) })),
    );
    failed.body.cancel(new Error('left'));
    await turn();
    await expect(read(failed.body)).rejects.toThrow('left');
  });

  it('that ends in time is not cut when the message is complete', async () => {
    const { seen, body } = setup(10, 2);
    await read(body);
    body.finish();
    await turn();
    expect(seen).toEqual({ pulled: 2, cancelled: false });
    expect(await read(body)).toBeNull();
  });

  it('that goes on after the message is closed soon', async () => {
    let cancelled = (): void => {};
    const closed = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(chunk(10)),
      cancel: () => cancelled(),
    });
    const { body } = fromResponse(new Response(stream));
    await read(body);
    body.finish();
    await expect(closed).resolves.toBeUndefined();
  });
});

describe('the request', () => {
  const get = { method: 'GET', url: 'http://a.test/', headers: {}, body: undefined } as const;

  /** A response that goes on, the signal that its request had, and what was pulled of it. */
  async function open(signal = new AbortController().signal) {
    const seen: { signal?: AbortSignal | null | undefined; pulled: number } = { pulled: 0 };
    const stream = new ReadableStream<Uint8Array>(
      {
        // Some bytes, more than what is read ahead, and silence.
        pull: (controller) => {
          seen.pulled++;
          if (seen.pulled < 3) controller.enqueue(chunk(seen.pulled * 60_000));
        },
      },
      { highWaterMark: 0 },
    );
    const transport = fetchTransport(async (_, init) => {
      seen.signal = init.signal;
      return new Response(stream);
    });
    const { body } = await transport(get, signal);
    return { body, seen };
  }

  it('has its body read from the turn of the head on, by what is read ahead', async () => {
    const { seen } = await open();
    await turn();
    expect(seen.pulled).toBe(2);
  });

  // In Firefox cancelling the body leaves the connection open.
  it.each<[how: string, end: (body: ResponseBody, leaving: AbortController) => void]>([
    ['it is cancelled', (body) => body.cancel(new Error('left'))],
    ['its signal fires', (_, leaving) => leaving.abort()],
    ['its body goes on after the message', (body) => body.finish()],
  ])('is aborted when %s', async (_, end) => {
    const leaving = new AbortController();
    const { body, seen } = await open(leaving.signal);
    const aborted = new Promise((resolve) => seen.signal?.addEventListener('abort', resolve));
    expect(seen.signal?.aborted).toBe(false);
    end(body, leaving);
    await aborted;
  });

  it('is not aborted when its body has ended', async () => {
    let signal: AbortSignal | null | undefined;
    const transport = fetchTransport(async (_, init) => {
      signal = init.signal;
      return new Response('done');
    });
    const { body } = await transport(get, new AbortController().signal);
    while ((await toPromise<Uint8Array | null>((wake) => body.read(wake))) !== null);
    body.finish();
    await turn();
    expect(signal?.aborted).toBe(false);
  });
});

describe('what a fetch resolves with', () => {
  const get = { method: 'GET', url: 'http://a.test/', headers: {}, body: undefined } as const;
  const used = new Response('x');
  void used.text();
  const locked = new Response('x');
  locked.body?.getReader();
  const like = { status: 200, statusText: '', headers: new Headers(), body: null };
  it.each<[what: string, value: unknown, message: string]>([
    ['nothing', undefined, 'fetch resolved with undefined. A fetch must'],
    ['null', null, 'fetch resolved with null'],
    ['text', 'ok', 'fetch resolved with a string'],
    ['JSON', { ok: true }, 'fetch resolved with a value of Object'],
    ['an object without a prototype', Object.create(null), 'fetch resolved with an object'],
    ['headers as an object', { ...like, headers: {} }, 'fetch resolved with a value of Object'],
    [
      'a body of Node',
      { ...like, body: Readable.from(['x']) },
      'a body that is a value of Readable',
    ],
    ['a body as text', { ...like, body: 'x' }, 'a body that is a string'],
    ['a body that was read', used, 'a body that was read already'],
    ['a body with a reader', locked, 'a body that was read already'],
  ])('%s is refused', async (_, value, message) => {
    const transport = fetchTransport((async () => value) as Fetch);
    const error = await transport(get, signal).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error).not.toBeInstanceOf(APIError);
    expect((error as Error).message).toContain(message);
  });

  it.each<[what: string, chunk: unknown]>([
    ['a string', 'text'],
    ['null', null],
    ['a value of ArrayBuffer', new ArrayBuffer(2)],
    ['a value of Array', [1, 2]],
  ])('a body with a chunk that is %s fails as such', async (what, odd) => {
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(chunk(3));
        controller.enqueue(odd);
      },
    });
    const { body } = fromResponse(new Response(stream));
    const read = (): Promise<Uint8Array | null> => toPromise((wake) => body.read(wake));
    expect(await read()).toHaveLength(3);
    await expect(read()).rejects.toThrow(AnthropicError);
    await expect(read()).rejects.toThrow(`the body of the response contains ${what}: it must be`);
  });

  it('views of any kind are bytes', async () => {
    const bytes = new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2);
    const stream = new ReadableStream({ start: (controller) => controller.enqueue(bytes) });
    const { body } = fromResponse(new Response(stream));
    expect(await toPromise((wake) => body.read(wake))).toEqual(Uint8Array.of(2, 3));
  });

  it('a redirect whose target is hidden', async () => {
    const hidden = { ...like, status: 0, type: 'opaqueredirect' };
    const transport = fetchTransport((async () => hidden) as unknown as Fetch);
    const error = await transport(get, signal).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(APIStatusError);
    expect(error).toMatchObject({
      retryable: false,
      message: expect.stringContaining('the server redirects, and this platform hides where to'),
    });
  });
});

describe('a body that the platform leaves encoded', () => {
  const encoded = deflateSync('event: message_start\ndata: {}\n\n');
  const clientOf = (body: BodyInit, coding: string): Anthropic => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': coding };
    return new Anthropic({ apiKey: 'k', fetch: async () => new Response(body, { headers }) });
  };
  const params = {
    model: 'm',
    max_tokens: 1,
    messages: [{ role: 'user' as const, content: 'Hi' }],
  };
  const message = /^the response has the content-encoding deflate, which can't be decoded here/;

  it('is a StreamProtocolError that names the coding', async () => {
    const { messages } = clientOf(encoded, 'deflate');
    for (const answer of [messages.stream(params).getFinalMessage(), messages.create(params)]) {
      const error = await answer.catch((error: unknown) => error);
      expect(error).toBeInstanceOf(StreamProtocolError);
      expect((error as Error).message).toMatch(message);
    }
  });

  it.each(['', 'event: mess'])('is none where text was cut: %j', async (text) => {
    const client = clientOf(text, 'gzip').withOptions({ maxRetries: 0 });
    const error = await client.messages
      .stream(params)
      .getFinalMessage()
      .catch((error) => error);
    expect(error).toBeInstanceOf(StreamTruncatedError);
  });
});
