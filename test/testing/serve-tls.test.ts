import { X509Certificate } from 'node:crypto';
import http2 from 'node:http2';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { createCertificate } from '../../src/testing/emulator/certificate.js';
import {
  createEmulator,
  type Fault,
  fault,
  reply,
  type ServeOptions,
  type Server,
  serve,
  useEmulator,
} from '../../src/testing/index.js';
import { failure, PARAMS, until } from '../stream/support.js';

const clientOf = ({ url, cert }: Pick<Server, 'url' | 'cert'>, options: ClientOptions = {}) =>
  new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: 0, tls: { ca: cert }, ...options });

/** A server whose first answer has faults. */
const faulty = (faults: readonly Fault[], options: ServeOptions = {}): Promise<Server> => {
  const replies = [reply.faulty(reply.text('Hello'), ...faults), reply.text('Hello again')];
  return serve(createEmulator({ replies }), { tls: true, ...options });
};

const names = (faults: readonly Fault[]): string => faults.map(({ name }) => name).join();

describe('serve with tls', () => {
  it('speaks HTTP/2', async () => {
    const emulator = createEmulator({ replies: [reply.text('Hello')] });
    await using server = await serve(emulator, { tls: true });
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await clientOf(server).messages.stream(PARAMS).getFinalText()).toBe('Hello');
    const [request] = emulator.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/messages', ending: 'complete' });
    expect(request?.headers).not.toHaveProperty('host');
  });

  it('and HTTP/1.1', async () => {
    await using server = await faulty([]);
    const client = clientOf(server, { http2: false });
    expect(await client.messages.stream(PARAMS).getFinalText()).toBe('Hello');
  });

  it('takes a certificate', async () => {
    const certificate = createCertificate(['a.test']);
    await using server = await faulty([], { tls: certificate });
    expect(server.cert).toBe(certificate.cert);
    const tls = { ca: certificate.cert, servername: 'a.test' };
    expect(await clientOf(server, { tls }).messages.stream(PARAMS).getFinalText()).toBe('Hello');
  });

  it('without it there is no certificate', async () => {
    await using server = await faulty([], { tls: false });
    expect([server.cert, server.url.startsWith('http:')]).toEqual([undefined, true]);
  });

  it('says how many streams it takes', async () => {
    await using server = await faulty([], { maxStreams: 3 });
    const session = http2.connect(server.url, { ca: server.cert });
    const settings = await new Promise<http2.Settings>((resolve) =>
      session.once('remoteSettings', resolve),
    );
    expect(settings.maxConcurrentStreams).toBe(3);
    session.close();
  });

  it('reports a client that leaves', async () => {
    const replies = [reply.faulty(reply.text('Hello'), fault.stall({ phase: 'text' }))];
    const emulator = createEmulator({ replies });
    await using server = await serve(emulator, { tls: true });
    for await (const _ of clientOf(server).messages.stream(PARAMS).textStream) break;
    expect(await emulator.requests[0]?.ended).toBe('left');
  });
});

describe('a fault of HTTP/2', () => {
  it.each([[fault.goaway()], [fault.refuseStream()]])('%o moves the request', async (each) => {
    await using server = await faulty([each]);
    const stream = clientOf(server).messages.stream(PARAMS);
    expect(await stream.getFinalText()).toBe('Hello again');
    expect(stream.attempts).toHaveLength(1);
  });

  it.each<[Fault[], string]>([
    [[fault.calm()], 'ENHANCE_YOUR_CALM'],
    [[fault.resetStream()], 'INTERNAL_ERROR'],
    [[fault.reset()], 'ECONNRESET'],
    [[fault.refuse()], 'ECONNRESET'],
  ])('%o costs a retry', async (faults, code) => {
    await using server = await faulty(faults);
    const error = await failure(clientOf(server).messages.stream(PARAMS).untilDone());
    expect(String(error), names(faults)).toContain(code);
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable: true });
  });

  it.each<[Fault]>([[fault.resetStream({ phase: 'text' })], [fault.reset({ phase: 'text' })]])(
    '%o breaks the body',
    async (each) => {
      await using server = await faulty([each]);
      const { error } = await until(clientOf(server).messages.stream(PARAMS));
      expect(error).toMatchObject({
        name: 'APIConnectionError',
        partialMessage: { content: [{ type: 'text' }] },
      });
    },
  );

  it('silence comes after what was sent', async () => {
    await using server = await faulty([fault.silence({ phase: 'text' })]);
    const client = clientOf(server, { timeout: { idle: 300 } });
    const { error } = await until(client.messages.stream(PARAMS));
    expect(error).toMatchObject({
      name: 'APITimeoutError',
      partialMessage: { content: [{ type: 'text' }] },
    });
  });

  it.each<[Fault]>([[fault.silence()], [fault.silence({ phase: 'text' })]])(
    '%o answers no PING',
    async (each) => {
      await using server = await faulty([each]);
      const session = http2.connect(server.url, { ca: server.cert });
      session.on('error', () => {});
      const headers = { ':method': 'POST', ':path': '/v1/messages', 'x-api-key': 'key' };
      const version = { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
      const stream = session.request({ ...headers, ...version });
      stream.on('error', () => {});
      stream.end(JSON.stringify({ ...PARAMS, stream: true }));
      const quiet = await new Promise((resolve) => {
        let answered = 0;
        const timer = setInterval(() => {
          const before = answered;
          session.ping(() => answered++);
          setTimeout(() => {
            if (answered > before) return;
            clearInterval(timer);
            resolve(true);
          }, 100);
        }, 150);
      });
      expect(quiet).toBe(true);
      session.destroy();
    },
  );

  it.each([fault.goaway(), fault.calm(), fault.refuseStream(), fault.resetStream()])(
    'over HTTP/1.1 is a reset: %o',
    async (each) => {
      await using server = await faulty([each]);
      const client = clientOf(server, { http2: false });
      const error = await failure(client.messages.stream(PARAMS).untilDone());
      expect(String(error)).toContain('ECONNRESET');
    },
  );
});

describe('the certificate', () => {
  it('is of the local names and those that it is made for', () => {
    const { cert, key } = createCertificate(['0.0.0.0', 'a.test', '::']);
    const certificate = new X509Certificate(cert);
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, DNS:a.test, IP Address:127.0.0.1, IP Address:0.0.0.0, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
    expect(key).toContain('PRIVATE KEY');
  });

  it('is another one each time', () => {
    const serial = (): string => new X509Certificate(createCertificate().cert).serialNumber;
    expect(serial()).not.toBe(serial());
  });
});

describe('useEmulator', () => {
  const api = useEmulator(
    { beforeEach, afterEach },
    { replies: [reply.text('Hello')], serve: { tls: true } },
  );

  it('listens over TLS', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const sent = https.request(`${api.url}/v1/messages`, { ca: api.cert, method: 'POST' });
      sent.on('response', (response) => resolve(text(response))).on('error', reject);
      sent.end('{}');
    });
    expect(answer).toContain('authentication_error');
    expect(await clientOf(api).messages.stream(PARAMS).getFinalText()).toBe('Hello');
  });
});
