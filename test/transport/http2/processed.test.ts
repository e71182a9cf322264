import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../../src/client.js';
import type { ClientOptions } from '../../../src/options.js';
import { sse, textMessage } from '../../contract/wire.js';
import { failure, PARAMS, until } from '../../stream/support.js';
import { CERTIFICATE } from '../../support/certificate.js';
import { answer, http2Server, type Play } from '../../support/http2-server.js';

const {
  NGHTTP2_REFUSED_STREAM: REFUSED,
  NGHTTP2_INTERNAL_ERROR: INTERNAL,
  NGHTTP2_ENHANCE_YOUR_CALM: CALM,
  NGHTTP2_HTTP_1_1_REQUIRED: HTTP1,
  NGHTTP2_NO_ERROR: NO_ERROR,
} = http2.constants;

const clientOf = (baseURL: string, options: ClientOptions = {}): Anthropic =>
  new Anthropic({
    apiKey: 'key',
    baseURL,
    maxRetries: 0,
    tls: { ca: CERTIFICATE.cert },
    ...options,
  });
const ask = (client: Anthropic): Promise<string> => client.messages.stream(PARAMS).getFinalText();

const reset =
  (code: number): Play =>
  (stream) =>
    stream.close(code);
/** Takes the first `taken` streams of a connection, and leaves. */
const goaway =
  (code: number, taken: number): Play =>
  (_, __, { session, streams }) =>
    session.goaway(code, (streams[taken - 1]?.id ?? -1) as number);
const half = sse(...textMessage('Hel', 'lo').slice(0, 4));
const begin: Play = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
  stream.write(half);
};
const vanish: Play = (_, __, { socket }) => void socket.resetAndDestroy();
const leave: Play = (_, __, { socket }) => void socket.destroy();

describe('what the server did not process moves to another connection, without a retry', () => {
  it.each<[string, Play[], connections: number]>([
    ['a refused stream', [reset(REFUSED)], 2],
    ['two refusals', [reset(REFUSED), reset(REFUSED)], 3],
  ])('%s', async (_, plays, connections) => {
    await using server = await http2Server([...plays, answer]);
    expect(await ask(clientOf(server.url))).toBe('Hello');
    expect(server.connections).toHaveLength(connections);
    expect(server.requests).toBe(plays.length + 1);
  });

  it('but twice at most', async () => {
    await using server = await http2Server(reset(REFUSED));
    const error = await failure(ask(clientOf(server.url)));
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable: true });
    expect(String(error)).toContain('REFUSED_STREAM the server reset the stream');
    expect(server.requests).toBe(3);
  });

  it.each([NO_ERROR, INTERNAL])(
    'streams above a GOAWAY with code %i, those below end',
    async (code) => {
      const finish: Play = (_, __, { session, streams }) => {
        const [first] = streams;
        session.goaway(code, first?.id);
        if (code === NO_ERROR) first?.end(sse(...textMessage('Hel', 'lo').slice(4)));
      };
      await using server = await http2Server([begin, finish, answer]);
      const client = clientOf(server.url);
      const first = client.messages.stream(PARAMS);
      const begun = new Promise<void>((resolve) => first.once('text', () => resolve()));
      const reading = until(first);
      await begun;
      expect(await ask(client)).toBe('Hello');
      const { error } = await reading;
      // Node ends a connection at a GOAWAY with an error, whatever is open.
      if (code === NO_ERROR) expect(error).toBeUndefined();
      else expect(error).toMatchObject({ name: 'APIConnectionError' });
      expect(server.connections.map(({ streams }) => streams.length)).toEqual([2, 1]);
    },
  );

  it.each([
    ['a reset', vanish],
    ['an end', leave],
  ])('a kept connection that was dead, by %s', async (_, death) => {
    await using server = await http2Server([answer, death, answer]);
    const client = clientOf(server.url);
    await ask(client);
    expect(await ask(client)).toBe('Hello');
    expect(server.connections.map(({ streams }) => streams.length)).toEqual([2, 1]);
  });

  it('what must go over HTTP/1.1 does', async () => {
    await using server = await http2Server(reset(HTTP1));
    const client = clientOf(server.url);
    expect([await ask(client), await ask(client)]).toEqual(['Hello', 'Hello']);
    expect(server.requests).toBe(1);
    expect(server.http1).toHaveLength(2);
  });
});

describe('everything else is a retry', () => {
  it.each<[string, Play, string]>([
    ['a reset stream', reset(INTERNAL), 'INTERNAL_ERROR the server reset the stream'],
    ['too many requests', reset(CALM), 'ENHANCE_YOUR_CALM the server reset the stream'],
    [
      'a GOAWAY for too many',
      goaway(CALM, 0),
      'ENHANCE_YOUR_CALM the server closed the connection',
    ],
    ['a connection that is reset', vanish, 'ECONNRESET'],
    ['a connection that ends', leave, 'the connection was closed'],
  ])('%s', async (_, play, message) => {
    await using server = await http2Server([play, answer]);
    const retries: [number, string][] = [];
    const client = clientOf(server.url, { maxRetries: 1 });
    const stream = client.messages.stream(PARAMS);
    stream.on('retry', ({ delay, error }) => retries.push([delay, error.message]));
    expect(await stream.getFinalText()).toBe('Hello');
    expect(retries).toEqual([[expect.any(Number), expect.stringContaining(message)]]);
    expect(retries[0]?.[0]).toBeGreaterThanOrEqual(375);
  });

  it.each<[string, Play]>([
    ['a reset stream', (stream) => stream.destroy(new Error('no'))],
    ['a connection that is reset', vanish],
    ['a connection that ends', leave],
  ])('after content it is an error with what was received: %s', async (_, end) => {
    let broken: () => void = () => {};
    await using server = await http2Server((stream, n, connection) => {
      begin(stream, n, connection);
      broken = () => end(stream, n, connection);
    });
    const stream = clientOf(server.url).messages.stream(PARAMS);
    stream.once('text', () => broken());
    const { error } = await until(stream);
    expect(error).toMatchObject({
      name: 'APIConnectionError',
      partialMessage: { content: [{ text: 'Hel' }] },
    });
  });
});
