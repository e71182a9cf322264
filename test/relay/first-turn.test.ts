import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIStatusError } from '../../src/errors.js';
import type { Engine } from '../../src/relay/engine.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  fault,
  reply,
} from '../../src/testing/index.js';
import { deferred } from '../support/deferred.js';
import { PARAMS, TEXT } from './params.js';

// What happens between the start of a stream and its first event.

interface Opened {
  relay: Relay;
  emulator: Emulator;
}

function open(engine: Engine, emulated: Partial<EmulatorOptions> = {}): Opened {
  const emulator = createEmulator({ replies: () => reply.text(TEXT), ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  return { emulator, relay: createRelay({ client, engine, lease: 500 }) };
}

const isParams = (id: string): boolean => id.includes('\u0000');

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve));
}

describe('a start', () => {
  it('sends the request once the stream is claimed, before lease and params are stored', async () => {
    const engine = memoryEngine();
    const claimed = deferred();
    const stored = deferred();
    let reads = 0;
    const { relay, emulator } = open({
      ...engine,
      append: async (id, ...rest) => {
        await (isParams(id) ? stored : claimed).promise;
        return engine.append(id, ...rest);
      },
      beat: async (...args) => {
        await stored.promise;
        return engine.beat(...args);
      },
      read: (...args) => {
        reads++;
        return engine.read(...args);
      },
    });
    let isStarted = false;
    const starting = relay.start('a', PARAMS).finally(() => {
      isStarted = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(emulator.requests).toHaveLength(0);
    claimed.resolve();
    await until(() => emulator.requests.length === 1);
    expect(isStarted).toBe(false);
    // There is nothing that could be read.
    expect(reads).toBe(0);
    stored.resolve();
    expect(await (await starting).getFinalText()).toBe(TEXT);
  });

  it('leaves no params behind where the stream ends before they are stored', async () => {
    const engine = memoryEngine();
    const stored = deferred();
    const { relay, emulator } = open({
      ...engine,
      append: async (id, ...rest) => {
        if (isParams(id)) await stored.promise;
        return engine.append(id, ...rest);
      },
    });
    const starting = relay.start('a', PARAMS);
    await until(() => emulator.requests.length === 1);
    await emulator.requests[0]?.ended;
    while ((await relay.status('a')).state !== 'complete') await new Promise((r) => setTimeout(r));
    stored.resolve();
    await starting;
    await new Promise((resolve) => setTimeout(resolve));
    expect(await engine.read('a\u0000params', undefined, 9)).toEqual([]);
  });

  it('rejects where the params can not be stored, and ends the stream', async () => {
    const engine = memoryEngine();
    const { relay, emulator } = open(
      {
        ...engine,
        append: async (id, ...rest) => {
          if (isParams(id)) throw new Error('no space');
          return engine.append(id, ...rest);
        },
      },
      { faults: [fault.stall({ event: 4 })] },
    );
    await expect(relay.start('a', PARAMS)).rejects.toThrow('no space');
    await expect(relay.follow('a').getFinalText()).rejects.toThrow('no space');
    if (emulator.requests[0] !== undefined) expect(await emulator.requests[0].ended).toBe('left');
  });
});

describe('connect', () => {
  it('waits for the API, and has its headers', async () => {
    const { relay } = open(memoryEngine());
    const stream = await relay.start('a', PARAMS);
    expect(stream.requestId).toBe(undefined);
    const responses = await Promise.all([stream.response, relay.follow('a').response]);
    for (const { status, headers } of responses) {
      expect(status).toBe(200);
      expect(headers.get('request-id')).toMatch(/^req_/);
      expect(headers.get('anthropic-ratelimit-requests-limit')).toBe('4000');
    }
    expect(stream.requestId).toBe(responses[0].headers.get('request-id'));
    expect(await stream.getFinalText()).toBe(TEXT);
  });

  it('rejects with the error of the API where there is no event', async () => {
    const { relay } = open(memoryEngine(), { apiKey: 'another' });
    const stream = await relay.start('a', PARAMS);
    const follower = relay.follow('a');
    const text = follower.getFinalText().catch((error) => error);
    for (const it of [stream, follower, relay.follow('a')]) {
      const error = await it.connect().catch((error) => error);
      expect(error).toBeInstanceOf(APIStatusError);
      expect(error).toMatchObject({ status: 401, requestId: expect.stringMatching(/^req_/) });
    }
    expect(await text).toMatchObject({ status: 401 });
  });

  it('waits for a stream that is silent, until it is stopped', async () => {
    const { relay } = open(memoryEngine(), { faults: [fault.stall()] });
    const stream = await relay.start('a', PARAMS);
    const connecting = [stream.connect(), stream.connect(), relay.follow('a').connect()];
    const errors = connecting.map((it) => it.catch((error) => error));
    await relay.stop('a', 'enough');
    for (const error of await Promise.all(errors)) expect(error.cause).toBe('enough');
  });
});
