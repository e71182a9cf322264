/* The peers of the relay, each as it is meant to be used: one producer, any number of followers. */
import { stream as durableStream } from '@durable-streams/client';
import { DurableStreamTestServer } from '@durable-streams/server';
import { createResumableStreamContext as createAssistantContext } from 'assistant-stream/resumable';
import { createIoredisResumableStreamStore } from 'assistant-stream/resumable/ioredis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { createResumableStreamContext } from 'resumable-stream/generic';

export const PEERS = {
  'resumable-stream 2.2.13': async (url) => {
    const clients = await Promise.all([0, 1].map(() => createClient({ url }).connect()));
    const [publisher, subscriber] = clients;
    const context = createResumableStreamContext({ waitUntil: () => {}, publisher, subscriber });
    return {
      produce: async (source) => {
        const made = await context.createNewResumableStream('a', () => ReadableStream.from(source));
        for await (const _ of made);
      },
      follow: async (got) => {
        const stream = await context.resumeExistingStream('a');
        for await (const text of stream) got(text);
      },
      bytes: async () => Number.NaN,
      // Closed, it would reject what it still waits for, where nothing handles it.
      close: async () => {
        for (const client of clients) client.unref();
      },
    };
  },

  'assistant-stream 0.3.57': async (url) => {
    const redis = new Redis(url);
    const context = createAssistantContext({ store: createIoredisResumableStreamStore(redis) });
    const decoder = new TextDecoder();
    return {
      produce: async (source) => {
        const bytes = ReadableStream.from(source).pipeThrough(new TextEncoderStream());
        for await (const _ of await context.run('a', () => bytes));
      },
      follow: async (got) => {
        const stream = await context.requireResume('a');
        for await (const bytes of stream) got(decoder.decode(bytes));
      },
      bytes: async () => Number.NaN,
      close: async () => redis.disconnect(),
    };
  },

  'Durable Streams server 0.3.7': async () => {
    const server = new DurableStreamTestServer({ port: 0 });
    const url = `${await server.start()}/a`;
    const headers = { 'content-type': 'text/plain' };
    return {
      produce: async (source) => {
        await fetch(url, { method: 'PUT', headers });
        for await (const body of source) await fetch(url, { method: 'POST', headers, body });
        await fetch(url, { method: 'POST', headers: { 'stream-closed': 'true' } });
      },
      follow: async (got) => {
        const response = await durableStream({ url, offset: '-1', live: 'sse' });
        for await (const text of response.textStream()) got(text);
      },
      bytes: async () => Number.NaN,
      close: () => server.stop(),
    };
  },
};
