import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIUserAbortError } from '../../src/errors.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { ask, HEADERS, MESSAGES, PARAMS, rejection } from './ask.js';
import { endless } from './endless.js';

const REASON = new Error('changed my mind');

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error('there is no body');
  return response.body.getReader();
}

describe('an abort', () => {
  it('before the request rejects with its reason and sends nothing', async () => {
    const emulator = createEmulator({ replies: [reply.text('Hello')] });
    const signal = AbortSignal.abort(REASON);
    expect(await rejection(ask(emulator, {}, { signal }))).toBe(REASON);
    expect(emulator.requests).toEqual([]);
  });

  it('before the headers rejects with its reason', async () => {
    const abort = new AbortController();
    const emulator = createEmulator({
      replies: () => {
        abort.abort(REASON);
        return new Promise(() => {});
      },
    });
    expect(await rejection(ask(emulator, {}, { signal: abort.signal }))).toBe(REASON);
  });

  it('of a Request works too', async () => {
    const abort = new AbortController();
    const emulator = createEmulator({
      replies: () => {
        abort.abort(REASON);
        return reply.text('Hello');
      },
    });
    const request = new Request(MESSAGES, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify(PARAMS),
      signal: abort.signal,
    });
    expect(await rejection(emulator.fetch(request))).toBe(REASON);
  });

  it('after the headers fails the body and stops the events', async () => {
    const abort = new AbortController();
    const { events, stopped } = endless();
    const emulator = createEmulator({ replies: [reply.events(events)] });
    const reader = readerOf(await ask(emulator, {}, { signal: abort.signal }));
    await reader.read();
    abort.abort(REASON);
    expect(await rejection(reader.read())).toBe(REASON);
    await stopped;
  });

  it('from inside the events stops them', async () => {
    const abort = new AbortController();
    const { events, stopped } = endless((taken) => {
      if (taken === 2) abort.abort(REASON);
    });
    const emulator = createEmulator({ replies: [reply.events(events)] });
    const response = await ask(emulator, {}, { signal: abort.signal });
    expect(await rejection(response.text())).toBe(REASON);
    await stopped;
  });

  it("fails a body that isn't a stream", async () => {
    const abort = new AbortController();
    const emulator = createEmulator({ replies: [reply.text('Hello')] });
    const response = await ask(emulator, { stream: false }, { signal: abort.signal });
    abort.abort(REASON);
    expect(await rejection(response.json())).toBe(REASON);
  });

  it('at any moment in between takes effect', async () => {
    for (let microtasks = 0; microtasks < 40; microtasks++) {
      const abort = new AbortController();
      const { events } = endless();
      const emulator = createEmulator({
        replies: () => {
          void after(microtasks).then(() => abort.abort(REASON));
          return reply.events(events);
        },
      });
      const response = ask(emulator, {}, { signal: abort.signal });
      expect(await rejection(response.then((received) => received.text()))).toBe(REASON);
    }
  });

  it('after the end changes nothing, and no listener is left', async () => {
    const abort = new AbortController();
    const emulator = createEmulator({ replies: [reply.text('Hello')] });
    const response = await ask(emulator, {}, { signal: abort.signal });
    const text = await response.text();
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    abort.abort(REASON);
    expect(text).toContain('message_stop');
  });
});

async function after(microtasks: number): Promise<void> {
  for (let passed = 0; passed < microtasks; passed++) await undefined;
}

describe('a reader', () => {
  it('that cancels the body stops the events', async () => {
    const { events, stopped } = endless();
    const reader = readerOf(await ask(createEmulator({ replies: [reply.events(events)] })));
    await reader.read();
    await reader.cancel();
    await expect(stopped).resolves.toBeUndefined();
  });

  it('gets one event per read, none is created ahead', async () => {
    const script = endless();
    const reader = readerOf(await ask(createEmulator({ replies: [reply.events(script.events)] })));
    expect(script.taken).toBe(0);
    for (let reads = 0; reads < 5; reads++) await reader.read();
    expect(script.taken).toBe(3);
    await reader.cancel();
  });
});

describe('the client', () => {
  it('that breaks out of a stream stops the events', async () => {
    const { events, stopped } = endless();
    const { fetch } = createEmulator({ replies: [reply.events(events)] });
    const client = new Anthropic({ fetch, apiKey: 'test' });
    for await (const text of client.messages.stream(PARAMS).textStream) {
      if (text !== '') break;
    }
    await expect(stopped).resolves.toBeUndefined();
  });

  it('that closes a stream stops the events', async () => {
    const { events, stopped } = endless();
    const { fetch } = createEmulator({ replies: [reply.events(events)] });
    const stream = new Anthropic({ fetch, apiKey: 'test' }).messages.stream(PARAMS);
    stream.once('text', () => stream.close());
    expect(await rejection(stream.untilDone())).toBeInstanceOf(APIUserAbortError);
    await stopped;
  });
});
