import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { AnthropicError, APITimeoutError } from '../../src/errors.js';
import type { ClientOptions } from '../../src/options.js';
import { sse, textMessage } from '../contract/wire.js';
import { HTTP1_TRANSPORTS as TRANSPORTS } from '../faults/setting.js';
import { failure, PARAMS } from '../stream/support.js';

/** Bytes on a socket, by hand: what matters here is how they are cut. */
async function serving(
  respond: (socket: Socket) => void,
): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => respond(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const clientOf = (baseURL: string, options: ClientOptions = {}): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, ...options });

const WHOLE = textMessage('Hello', ' world');
const head = (...headers: string[]): string =>
  [
    'HTTP/1.1 200 OK',
    'content-type: text/event-stream',
    'request-id: req_1',
    ...headers,
    '',
    '',
  ].join('\r\n');
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

describe('what arrived before a broken chunk is delivered, in the same segment too', () => {
  const received = head('transfer-encoding: chunked') + chunk(sse(...WHOLE.slice(0, 4)));
  const broken: Readonly<Record<string, (socket: Socket, received: string) => void>> = {
    'a size that is no number': (socket, text) => socket.end(`${text}ZZZ\r\n`),
    'a negative size': (socket, text) => socket.end(`${text}-1\r\n`),
    'a size that overflows': (socket, text) => socket.end(`${text}${'f'.repeat(20)}\r\n`),
    'no line end after a chunk': (socket, text) => socket.end(`${text.slice(0, -2)}xx`),
    'an end without the last chunk': (socket, text) => socket.end(text),
    'a reset': (socket, text) => {
      socket.write(text);
      socket.resetAndDestroy();
    },
  };
  it.each(Object.entries(broken))('%s', async (_, respond) => {
    await using server = await serving((socket) => respond(socket, received));
    const stream = clientOf(server.url).messages.stream(PARAMS);
    const error = (await failure(stream.untilDone())) as AnthropicError;
    expect(error).toMatchObject({
      name: 'APIConnectionError',
      retryable: true,
      requestId: 'req_1',
    });
    expect(error.message).toMatch(/^the connection to 127\.0\.0\.1:\d+ broke in the middle/);
    expect(error.partialMessage?.content).toMatchObject([{ type: 'text', text: 'Hello' }]);
  });

  it('a whole message before it is complete', async () => {
    const text = head('transfer-encoding: chunked') + chunk(sse(...WHOLE.slice(0, -1)));
    await using server = await serving((socket) => socket.end(`${text}ZZZ\r\n`));
    expect(await clientOf(server.url).messages.stream(PARAMS).getFinalText()).toBe('Hello world');
  });

  it('no headers is no connection', async () => {
    await using server = await serving((socket) => socket.resetAndDestroy());
    const error = (await failure(clientOf(server.url).messages.create(PARAMS))) as AnthropicError;
    expect(error.message).toMatch(/^no connection to 127\.0\.0\.1:\d+: ECONNRESET/);
  });
});

describe('content codings', () => {
  const text = Buffer.from(sse(...WHOLE));
  const half = Math.floor(text.length / 2);
  const named = zlib.gzipSync(text);
  // RFC 1952: an extra field, a name, a comment and a checksum of the header.
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0]),
    Buffer.from('abcname\0comment\0xx'),
  ]);
  const cases: readonly [coding: string, body: Buffer][] = [
    ['gzip', zlib.gzipSync(text)],
    ['X-GZIP', zlib.gzipSync(text)],
    ['gzip', Buffer.concat([zlib.gzipSync(text), Buffer.from('garbage!')])],
    ['gzip', Buffer.concat([zlib.gzipSync(text), Buffer.from([0, 0, 0])])],
    [
      'gzip',
      Buffer.concat([zlib.gzipSync(text.subarray(0, half)), zlib.gzipSync(text.subarray(half))]),
    ],
    ['gzip', Buffer.concat([header, named.subarray(10)])],
    ['deflate', zlib.deflateSync(text)],
    ['Deflate', zlib.deflateRawSync(text)],
    ['br', zlib.brotliCompressSync(text)],
    ['BR ', zlib.brotliCompressSync(text)],
    ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(text))],
    [' , gzip,identity', zlib.gzipSync(text)],
    ['identity', text],
    ['IDENTITY, none', text],
    ['', text],
    ['none', text],
    ['utf-8', text],
    ['aws-chunked', text],
  ];
  describe.each(cases)('%j (%#)', (coding, body) => {
    it.each([1, 7, body.length])('in pieces of %d', async (size) => {
      await using server = await serving((socket) => {
        socket.write(head(`content-encoding: ${coding}`, 'connection: close'));
        for (let at = 0; at < body.length; at += size) socket.write(body.subarray(at, at + size));
        socket.end();
      });
      const stream = clientOf(server.url).messages.stream(PARAMS);
      expect(await stream.getFinalText()).toBe('Hello world');
    });
  });

  it.each<[coding: string, body: Buffer]>([
    ['compress', text],
    ['dcb', text],
    ['gzip, xz', text],
    ['a-coding-to-come', Buffer.from([0x80, 1, 2])],
    ...('createZstdDecompress' in zlib ? [] : [['zstd', text] as [string, Buffer]]),
  ])('%s is a final error', async (coding, body) => {
    await using server = await serving((socket) =>
      socket.end(Buffer.concat([Buffer.from(head(`content-encoding: ${coding}`)), body])),
    );
    const name = coding.split(', ').at(-1);
    for (const request of [
      () => clientOf(server.url).messages.create(PARAMS),
      () => clientOf(server.url).messages.stream(PARAMS).untilDone(),
    ]) {
      expect(await failure(request() as Promise<unknown>)).toMatchObject({
        name: 'StreamProtocolError',
        retryable: false,
        message: expect.stringContaining(`content-encoding ${name}, which can't be decoded here`),
      });
    }
  });

  it.each<[what: string, body: Buffer]>([
    ['cut', zlib.gzipSync(text).subarray(0, 60)],
    ['not gzip', text],
  ])('gzip that is %s breaks', async (_, body) => {
    await using server = await serving((socket) =>
      socket.end(Buffer.concat([Buffer.from(head('content-encoding: gzip')), body])),
    );
    const error = await failure(clientOf(server.url).messages.stream(PARAMS).untilDone());
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable: true });
  });

  it('what was decoded before the connection breaks is delivered', async () => {
    const gzip = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    gzip.write(sse(...WHOLE.slice(0, 4)));
    await once(gzip, 'readable');
    const bytes = gzip.read() as Buffer;
    await using server = await serving((socket) => {
      const start = Buffer.from(
        `${head('content-encoding: gzip', 'transfer-encoding: chunked')}${bytes.length.toString(16)}\r\n`,
      );
      socket.end(Buffer.concat([start, bytes, Buffer.from('\r\nZZZ\r\n')]));
    });
    const stream = clientOf(server.url).messages.stream(PARAMS);
    const error = (await failure(stream.untilDone())) as AnthropicError;
    expect(error.name).toBe('APIConnectionError');
    expect(error.partialMessage?.content).toMatchObject([{ text: 'Hello' }]);
  });

  it('a bomb is read only as fast as its reader', async () => {
    const bomb = zlib.gzipSync(`: ${' '.repeat(50_000_000)}\n\n`);
    await using server = await serving((socket) =>
      socket.end(Buffer.concat([Buffer.from(head('content-encoding: gzip')), bomb])),
    );
    const options = { maxEventBytes: 1_000_000 };
    const error = await failure(clientOf(server.url, options).messages.stream(PARAMS).untilDone());
    expect(error).toMatchObject({ name: 'StreamProtocolError' });
  });
});

describe.each(Object.entries(TRANSPORTS))(
  'responses of one hundred and some, over %s',
  (_, transport) => {
    const repeated = (line: string) => (socket: Socket) => {
      const timer = setInterval(() => socket.write(line), 20);
      socket.on('close', () => clearInterval(timer));
    };
    it.each<[what: string, respond: (socket: Socket) => void]>([
      ['102 for ever', repeated('HTTP/1.1 102 Processing\r\n\r\n')],
      ['103 for ever', repeated('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')],
      ['103, then nothing', (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')],
    ])('%s: the response clock ends them', async (_, respond) => {
      await using server = await serving(respond);
      const client = clientOf(server.url, { timeout: { response: 200 }, ...transport });
      const error = await failure(client.messages.stream(PARAMS).untilDone());
      expect(error).toMatchObject({ name: 'APITimeoutError', phase: 'response' });
    });

    it('101 ends at once, or by the response clock', async () => {
      await using server = await serving((socket) =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n{"a":',
        ),
      );
      const client = clientOf(server.url, { timeout: { response: 200 }, ...transport });
      const error = await failure(client.messages.stream(PARAMS).untilDone());
      expect((error as AnthropicError).name).toMatch(/^API(Status|Connection|Timeout)Error$/);
    });
  },
);

describe('a blocked event loop', () => {
  const SERVER = `
    const http = require('node:http');
    const { parentPort, workerData: { events, wait } } = require('node:worker_threads');
    const server = http.createServer((request, response) => setTimeout(() => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let i = 0;
      const timer = setInterval(() => {
        if (i < events.length) response.write(events[i++]);
        else { clearInterval(timer); response.end(); }
      }, 10);
    }, wait)).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const blocked = (ms: number): void => {
    for (const until = performance.now() + ms; performance.now() < until; );
  };

  describe.each(Object.entries(TRANSPORTS))('over %s', (_, transport) => {
    it.each([
      ['idle', 0, 250],
      ['response', 100, 50],
    ] as const)('%s does not fire while bytes wait', async (phase, wait, at) => {
      const events = [...WHOLE.slice(0, 4), ...Array(40).fill(WHOLE[3]), ...WHOLE.slice(4)];
      const worker = new Worker(SERVER, {
        eval: true,
        workerData: { events: events.map((event) => sse(event)), wait },
      });
      try {
        const [port] = await once(worker, 'message');
        const client = clientOf(`http://127.0.0.1:${port}`, {
          timeout: { [phase]: 500 },
          ...transport,
        });
        const reading = client.messages.stream(PARAMS).getFinalText();
        // From the poll phase: Node runs the timers before it reads again.
        setTimeout(
          () =>
            void import('node:fs').then(({ readFile }) =>
              readFile('package.json', () => blocked(800)),
            ),
          at,
        );
        expect(await reading).toContain('Hello');
      } finally {
        await worker.terminate();
      }
    });
  });

  it('a server that is silent meanwhile is still timed out', async () => {
    await using server = await serving(() => {});
    const client = clientOf(server.url, { timeout: { response: 100 } });
    const reading = failure(client.messages.create(PARAMS));
    setTimeout(() => blocked(300), 20);
    expect(((await reading) as APITimeoutError).phase).toBe('response');
  });
});

describe.each(Object.entries(TRANSPORTS))('what is no API at all, over %s', (_, transport) => {
  it('another protocol is final', async () => {
    await using server = await serving((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    let requests = 0;
    const observe = ({ type }: { type: string }): void => {
      if (type === 'request') requests++;
    };
    const client = clientOf(server.url, { maxRetries: 2, observe, ...transport });
    const error = await failure(client.messages.create(PARAMS));
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable: false });
    expect((error as Error).message).toContain('another protocol');
    expect(requests).toBe(1);
  });

  it('a header whose name is none is final', async () => {
    const client = clientOf('http://127.0.0.1:9', {
      maxRetries: 2,
      defaultHeaders: { 'x y': '1' },
      ...transport,
    });
    const error = await failure(client.messages.create(PARAMS));
    expect(error).toMatchObject({
      name: 'AnthropicError',
      message: '"x y" is not the name of a header',
    });
  });
});

describe('a fetch with a mistake is not tried again', () => {
  it.each<[what: string, fetch: () => unknown, message: string]>([
    [
      'a TypeError of its own',
      () => (undefined as unknown as { a: { b: 1 } }).a.b,
      'fetch threw TypeError',
    ],
    [
      'a rejected ReferenceError',
      () => Promise.reject(new ReferenceError('x is not defined')),
      'fetch threw ReferenceError: x',
    ],
    ['no result', () => undefined, 'fetch resolved with undefined'],
    ['text', () => 'hello', 'fetch resolved with a string'],
    [
      'a body of text',
      () => new Response(new ReadableStream({ start: (c) => c.enqueue('data: x') })),
      'the body of the response contains a string',
    ],
  ])('%s', async (_, fetch, message) => {
    let calls = 0;
    const client = clientOf('http://a.test', {
      maxRetries: 2,
      fetch: (async () => {
        calls++;
        return fetch();
      }) as unknown as NonNullable<ClientOptions['fetch']>,
    });
    const error = await failure(client.messages.stream(PARAMS).untilDone());
    expect(error).toMatchObject({ name: 'AnthropicError', retryable: false });
    expect((error as Error).message).toContain(message);
    expect(calls).toBe(1);
  });
});
