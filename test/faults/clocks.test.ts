// Loaded on demand otherwise, which takes turns of the event loop that virtual time doesn't wait for.
import '../../src/resources/create-routes.js';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import type { AnthropicError } from '../../src/errors.js';
import type { Timeout } from '../../src/transport/timeouts.js';
import { textOf } from '../contract/outcome.js';
import {
  blockStart,
  delta,
  errorEvent,
  messageDelta,
  messageStart,
  PING,
  sse,
  textBlock,
  textDelta,
  textMessage,
  thinkingBlock,
  toolBlock,
  type WireEvent,
} from '../contract/wire.js';
import { all, failure, PARAMS, types } from '../stream/support.js';
import type { Script } from '../support/raw-server.js';
import { HALF_AN_EVENT } from './places.js';
import { setting, TRANSPORTS } from './setting.js';
import type { VirtualTime } from './virtual-time.js';

const hello = textMessage('Hello', ' world');
const whole: Script = { body: [sse(...hello)] };

/** What went before pieces of each kind of content. */
const BEGIN = sse(
  messageStart(),
  ...thinkingBlock(0, 'sig').slice(0, 1),
  blockStart(1, { type: 'text', text: '' }),
  ...toolBlock(2).slice(0, 1),
);

/** Sends one piece every so often, so many times, and is silent then. */
function pieces(time: VirtualTime, piece: string, ms: number, times: number): Script {
  async function* body(): AsyncGenerator<string> {
    yield BEGIN;
    for (let i = 0; i < times; i++) {
      await time.sleep(ms);
      yield piece;
    }
  }
  return { body: body(), end: 'hang' };
}

/** The phase of the timeout that a stream ends with, and when that was. */
async function timeout(
  time: VirtualTime,
  promise: Promise<unknown>,
): Promise<[phase: unknown, ms: number]> {
  const error = await time.pass(failure(promise));
  expect(error).toMatchObject({ name: 'APITimeoutError' });
  return [(error as { phase: unknown }).phase, time.now()];
}

describe('ten pieces, one every 9 s, then silence', () => {
  /** In milliseconds: when the clock of 10 s runs out. */
  const cases: Readonly<Record<string, [piece: string, idle: number, stall: number]>> = {
    pings: [sse(PING), 100_000, 10_000],
    comments: [': alive\n\n', 100_000, 10_000],
    'blank lines': ['\n', 100_000, 10_000],
    'bytes of an event': ['data: {"type":\n', 100_000, 10_000],
    text: [sse(textDelta(1, 'word ')), 100_000, 100_000],
    thinking: [sse(delta(0, { type: 'thinking_delta', thinking: 'so ' })), 100_000, 100_000],
    'a signature': [sse(delta(0, { type: 'signature_delta', signature: 's' })), 100_000, 100_000],
    'tool input': [
      sse(delta(2, { type: 'input_json_delta', partial_json: '1' })),
      100_000,
      100_000,
    ],
    'a message_delta': [sse(messageDelta({})), 100_000, 100_000],
    'an event of a kind to come': [sse({ type: 'brand_new' }), 100_000, 100_000],
  };
  it.each(Object.entries(cases))('%s', async (_, [piece, idle, stall]) => {
    for (const [phase, at] of Object.entries({ idle, stall })) {
      const limits = { response: Infinity, idle: Infinity, [phase]: 10_000 };
      await using played = await setting((time) => () => pieces(time, piece, 9_000, 10));
      const { time, client, server } = played;
      const stream = client.messages.stream(PARAMS, { timeout: limits });
      expect(await timeout(time, stream.untilDone())).toEqual([phase, at]);
      expect(server.exchanges).toHaveLength(1);
      await server.exchanges[0]?.left;
      expect(time.clock.pending).toBe(0);
    }
  });
});

describe('total bounds everything', () => {
  const failing: Script = {
    status: 529,
    headers: { 'retry-after': '30' },
    body: [JSON.stringify(errorEvent('overloaded_error'))],
  };
  const cases: Readonly<
    Record<string, [play: (time: VirtualTime) => Script, limits: Timeout, requests: number]>
  > = {
    'the wait for headers': [() => ({ status: 'none', end: 'hang' }), {}, 1],
    'the wait for the first event': [() => ({ end: 'hang' }), {}, 1],
    'a flow of text': [(time) => pieces(time, sse(textDelta(1, 'word ')), 9_000, 1_000), {}, 1],
    'a flow of pings before content': [
      (time) => ({ ...pieces(time, sse(PING), 9_000, 1_000) }),
      {},
      1,
    ],
    'the pauses between tries': [() => failing, {}, 2],
    'tries that time out': [() => ({ status: 'none', end: 'hang' }), { response: 20_000 }, 3],
    'tries that fall silent': [() => ({ end: 'hang' }), { idle: 20_000 }, 3],
  };
  describe.each(Object.entries(TRANSPORTS))('over %s', (_, transport) => {
    it.each(Object.entries(cases))('%s', async (_, [play, limits, requests]) => {
      await using played = await setting((time) => () => play(time), transport);
      const { time, client, server } = played;
      const given = { ...(limits as object), total: 50_000 };
      const reading = client.messages.stream(PARAMS, { timeout: given }).untilDone();
      expect(await timeout(time, reading)).toEqual(['total', 50_000]);
      expect(server.exchanges).toHaveLength(requests);
      expect(time.clock.pending).toBe(0);
    });
  });

  it.each(Object.entries(cases).filter(([name]) => !name.startsWith('a flow')))(
    '%s, for create()',
    async (_, [play, limits, requests]) => {
      await using played = await setting((time) => () => play(time));
      const { time, client, server } = played;
      const given = { ...(limits as object), total: 50_000 };
      const reading = client.messages.create(PARAMS, { timeout: given });
      expect(await timeout(time, reading)).toEqual(['total', 50_000]);
      expect(server.exchanges).toHaveLength(requests);
      expect(time.clock.pending).toBe(0);
    },
  );

  it.each<[string, Script, Timeout]>([
    ['headers', { status: 'none', end: 'hang' }, { response: 20_000, total: 20_200 }],
    ['a body', { end: 'hang' }, { idle: 20_000, total: 20_200 }],
  ])('a pause right after a wait for %s that ran out', async (_, script, limits) => {
    await using played = await setting(() => script);
    const { time, client } = played;
    const reading = client.messages.stream(PARAMS, { timeout: limits }).untilDone();
    expect(await timeout(time, reading)).toEqual(['total', 20_200]);
  });

  it.each(Object.entries(TRANSPORTS))('the body of an error, over %s', async (_, transport) => {
    await using played = await setting(() => ({ status: 500, end: 'hang' }), transport);
    const { time, client } = played;
    const reading = client.messages.stream(PARAMS, { timeout: { total: 3_000 } }).untilDone();
    expect(await timeout(time, reading)).toEqual(['total', 3_000]);
  });

  it('and what came before it is kept', async () => {
    await using played = await setting(
      (time) => () => pieces(time, sse(textDelta(1, 'word ')), 9_000, 1_000),
    );
    const { time, client } = played;
    const stream = client.messages.stream(PARAMS, { timeout: { total: 50_000 } });
    const error = (await time.pass(failure(stream.untilDone()))) as AnthropicError;
    expect(textOf(error.partialMessage?.content ?? [])).toBe('word '.repeat(5));
    expect(error.retryable).toBe(false);
  });
});

describe('a message that is not streamed', () => {
  const cases: readonly [script: Script, phase: string, ms: number, requests: number][] = [
    [{ status: 'none', end: 'hang' }, 'response', 20_000, 2],
    [{ body: ['{"type":'], end: 'hang' }, 'idle', 5_000, 2],
  ];
  it.each(cases)('%j: %s', async (script, phase, ms, requests) => {
    await using played = await setting(() => script, { maxRetries: 1 });
    const { time, client, server } = played;
    const reading = client.messages.create(PARAMS, {
      timeout: { response: 20_000, idle: 5_000 },
    });
    const [given, at] = await timeout(time, reading);
    expect(given).toBe(phase);
    expect(at).toBeGreaterThanOrEqual(2 * ms + 375);
    expect(at).toBeLessThanOrEqual(2 * ms + 500);
    expect(server.exchanges).toHaveLength(requests);
    await Promise.all(server.exchanges.map(({ left }) => left));
  });
});

describe('a status of 529 whose body breaks is still a 529', () => {
  const cases: Readonly<Record<string, [rest: (time: VirtualTime) => Script, ms: number]>> = {
    'silence after the headers': [() => ({ end: 'hang' }), 5_000],
    'silence in the body': [() => ({ body: ['{"type":'], end: 'hang' }), 5_000],
    'a byte at a time': [(time) => pieces(time, 'a', 700, 100_000), 5_000],
    'a reset': [() => ({ body: ['{"type":'], end: 'reset' }), 0],
    'an end': [() => ({ body: ['{"type":'] }), 0],
  };
  it.each(Object.entries(cases))('%s', async (_, [rest, ms]) => {
    await using played = await setting((time) => () => ({ ...rest(time), status: 529 }), {
      maxRetries: 0,
    });
    const { time, client } = played;
    const error = await time.pass(failure(client.messages.stream(PARAMS).untilDone()));
    expect(error).toMatchObject({ name: 'OverloadedError', status: 529 });
    expect(time.now()).toBe(ms);
  });
});

describe('the default clocks end every stream', () => {
  const SERVER_TOOL = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
  const THINKING = thinkingBlock(0, 'sig');
  const text = blockStart(0, { type: 'text', text: '' });
  const places: Readonly<Record<string, [before: WireEvent[], stall: number]>> = {
    'before the first event': [[], 3_600_000],
    'after message_start': [[messageStart()], 3_600_000],
    'in text': [[messageStart(), text], 900_000],
    'in thinking': [[messageStart(), ...THINKING.slice(0, 1)], 3_600_000],
    'after thinking': [[messageStart(), ...THINKING], 900_000],
    'in thinking, beside a block of text': [
      [messageStart(), ...THINKING.slice(0, 1), blockStart(1, { type: 'text', text: '' })],
      3_600_000,
    ],
    'in a tool input': [[messageStart(), ...toolBlock(0).slice(0, 1)], 900_000],
    'in a call of a server tool': [[messageStart(), blockStart(0, SERVER_TOOL)], 3_600_000],
    'while the server tool runs': [
      [messageStart(), blockStart(0, SERVER_TOOL), { type: 'content_block_stop', index: 0 }],
      3_600_000,
    ],
    'after its result': [
      [
        messageStart(),
        blockStart(0, { ...SERVER_TOOL, type: 'mcp_tool_use' }),
        { type: 'content_block_stop', index: 0 },
        blockStart(1, { type: 'mcp_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
      ],
      900_000,
    ],
  };
  const pinging = (time: VirtualTime, before: readonly WireEvent[], ping = sse(PING)): Script => ({
    body: (async function* () {
      yield sse(...before);
      for (;;) {
        await time.sleep(15_000);
        yield ping;
      }
    })(),
    end: 'hang',
  });

  it.each(Object.entries(places))('pings %s: one request', async (_, [before, stall]) => {
    await using played = await setting((time) => () => pinging(time, before));
    const { time, client, server } = played;
    const stream = client.messages.stream(PARAMS);
    expect(await timeout(time, stream.untilDone())).toEqual(['stall', stall]);
    expect(server.exchanges).toHaveLength(1);
    expect(time.clock.pending).toBe(0);
  });

  it.each(Object.entries(places))('%s, a number applies everywhere', async (_, [before]) => {
    await using played = await setting((time) => () => pinging(time, before), {
      maxRetries: 0,
    });
    const { time, client } = played;
    const stream = client.messages.stream(PARAMS, { timeout: { stall: 60_000 } });
    expect(await timeout(time, stream.untilDone())).toEqual(['stall', 60_000]);
  });

  describe.each(Object.entries(TRANSPORTS))('after the stop reason, over %s', (_, transport) => {
    const finished = [messageStart(), ...textBlock(0, 'Hi'), messageDelta()];
    const seconds = async function* (time: VirtualTime, pieces: string[]): AsyncGenerator<string> {
      yield sse(...finished);
      for (const piece of pieces) {
        await time.sleep(1_000);
        yield piece;
      }
    };
    const many = (piece: string): string[] => Array(100).fill(piece);
    it.each<[what: string, rest: string[], end: Script['end'], ms: number]>([
      ['pings', many(sse(PING)), 'hang', 5_000],
      ['comments', many(': x\n\n'), 'hang', 5_000],
      ['events of a kind to come', many(sse({ type: 'keepalive' })), 'hang', 5_000],
      ['an event without an end', ['data: {"type"', ...many(' ')], 'hang', 5_000],
      ['silence', [], 'hang', 5_000],
      ['usage, then silence', [': x\n\n', sse(messageDelta({})), ': x\n\n'], 'hang', 7_000],
      ['an end', [], 'clean', 0],
      ['a reset', [], 'reset', 0],
      ['a reset, later', [sse(PING)], 'reset', 1_000],
    ])('%s: complete', async (_, rest, end, ms) => {
      await using played = await setting(
        (time) => () => ({ body: seconds(time, rest), ...(end && { end }) }),
        { maxRetries: 0, ...transport },
      );
      const { time, client } = played;
      const stream = client.messages.stream(PARAMS);
      const seen = await time.pass(all(stream));
      expect(time.now()).toBe(ms);
      expect(types(seen).at(-1)).toBe('message_stop');
      expect(await stream.getFinalText()).toBe('Hi');
      if (end === 'hang') await time.pass(played.server.exchanges[0]?.left as Promise<void>);
      expect(time.clock.pending).toBe(0);
    });

    it('a shorter idle completes it too', async () => {
      await using played = await setting(
        (time) => () => ({ body: seconds(time, []), end: 'hang' }),
        {
          timeout: { idle: 2_000 },
          ...transport,
        },
      );
      const { time, client } = played;
      expect(await time.pass(client.messages.stream(PARAMS).getFinalText())).toBe('Hi');
      expect(time.now()).toBe(2_000);
    });

    it('your own end is still an error', async () => {
      await using played = await setting(
        (time) => () => ({ body: seconds(time, many(sse(PING))), end: 'hang' }),
        transport,
      );
      const { time, client } = played;
      const stream = client.messages.stream(PARAMS);
      const reading = failure(stream.untilDone());
      await time.quiet();
      stream.close();
      expect(await reading).toMatchObject({ name: 'APIUserAbortError' });
    });
  });
});

describe('a key that never comes', () => {
  it.each([
    [{ response: 20_000 }, 'response', 20_000, 'apiKey() did not settle within 20 s'],
    [{ total: 5_000 }, 'total', 5_000, 'not finished within 5 s'],
    [{}, 'response', 600_000, 'apiKey() did not settle within 600 s'],
  ])('%j', async (limits, phase, ms, message) => {
    await using played = await setting(() => whole, {
      apiKey: () => new Promise(() => {}),
      timeout: limits,
      maxRetries: 0,
    });
    const { time, client, server } = played;
    for (const request of [
      () => client.messages.create(PARAMS),
      () => client.messages.create({ ...PARAMS, stream: true }),
      () => client.messages.stream(PARAMS).untilDone(),
    ]) {
      const since = time.now();
      const error = await time.pass(failure(request() as Promise<unknown>));
      expect(error).toMatchObject({ name: 'APITimeoutError', phase });
      expect((error as Error).message).toContain(message);
      expect(time.now() - since).toBe(ms);
    }
    expect(server.exchanges).toHaveLength(0);
    expect(time.clock.pending).toBe(0);
  });
});

describe('a body that is not streamed', () => {
  it.each(Object.entries(TRANSPORTS))(
    'must be there within response, over %s',
    async (_, transport) => {
      await using played = await setting((time) => () => pieces(time, 'x', 4_000, 1_000), {
        maxRetries: 0,
        timeout: { response: 20_000, idle: 5_000 },
        ...transport,
      });
      const { time, client } = played;
      const reading = client.messages.create(PARAMS);
      expect(await timeout(time, reading)).toEqual(['response', 20_000]);
    },
  );
});

describe('a slow reader is never charged', () => {
  const HOUR = 3_600_000;
  const LIMITS = { response: 10_000, idle: 10_000, stall: 20_000, total: 100_000 };

  describe.each(Object.entries(TRANSPORTS))('over %s', (_, transport) => {
    it.each<[string, (client: Anthropic) => Promise<AsyncIterable<{ type: string }>>]>([
      ['stream()', async (client) => client.messages.stream(PARAMS)],
      ['create({ stream })', (client) => client.messages.create({ ...PARAMS, stream: true })],
    ])('%s', async (_, open) => {
      async function* body(time: VirtualTime): AsyncGenerator<string> {
        for (const event of hello) {
          yield sse(event);
          await time.sleep(9_000);
        }
      }
      await using played = await setting((time) => ({ body: body(time) }), {
        timeout: LIMITS,
        ...transport,
      });
      const { time, client } = played;
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { type } of await open(client)) {
          seen.push(type);
          await time.sleep(HOUR);
        }
      })();
      await time.pass(reading);
      expect(seen.filter((type) => type !== 'ping')).toEqual(
        types(hello).filter((type) => type !== 'ping'),
      );
      expect(time.now()).toBeGreaterThan(7 * HOUR);
    });
  });

  it('but the server is, as soon as it is waited for again', async () => {
    const first = sse(...hello.slice(0, 4));
    await using played = await setting(() => ({ body: [first], end: 'hang' }), { timeout: LIMITS });
    const { time, client } = played;
    const reading = (async () => {
      for await (const _ of client.messages.stream(PARAMS)) await time.sleep(HOUR);
    })();
    expect(await timeout(time, reading)).toEqual(['idle', 3 * HOUR + 10_000]);
  });
});

describe('where limits are given', () => {
  const silent: Script = { body: [sse(...hello.slice(0, 4))], end: 'hang' };
  const mute: Script = { status: 'none', end: 'hang' };
  const cases: readonly [
    client: Timeout | undefined,
    request: Timeout | undefined,
    script: Script,
    phase: string,
    ms: number,
  ][] = [
    [undefined, undefined, mute, 'response', 600_000],
    [undefined, undefined, silent, 'idle', 180_000],
    [20_000, undefined, mute, 'response', 20_000],
    [20_000, undefined, silent, 'idle', 20_000],
    [20_000, 30_000, mute, 'response', 30_000],
    [20_000, 30_000, silent, 'idle', 30_000],
    [undefined, 30_000, silent, 'idle', 30_000],
    [{ response: 20_000 }, { idle: 5_000 }, mute, 'response', 20_000],
    [{ response: 20_000 }, { idle: 5_000 }, silent, 'idle', 5_000],
    [{ stall: 20_000 }, {}, silent, 'stall', 20_000],
    [{ stall: 20_000 }, { stall: Infinity }, silent, 'idle', 180_000],
    [{ total: 20_000 }, 30_000, silent, 'total', 20_000],
    [30_000, { total: 7_000 }, mute, 'total', 7_000],
    [Infinity, { idle: 5_000 }, silent, 'idle', 5_000],
  ];
  it.each(cases)('client %j, request %j', async (wide, own, script, phase, ms) => {
    await using played = await setting(() => script, { timeout: wide, maxRetries: 0 });
    const { time, client, server } = played;
    const stream = client.messages.stream(PARAMS, { timeout: own });
    expect(await timeout(time, stream.untilDone())).toEqual([phase, ms]);
    await server.exchanges[0]?.left;
    expect(time.clock.pending).toBe(0);
  });

  it.each(Object.entries(TRANSPORTS))('Infinity waits for a day, over %s', async (_, transport) => {
    const DAY = 24 * 3_600_000;
    async function* body(time: VirtualTime): AsyncGenerator<string> {
      for (const event of [undefined, ...hello]) {
        if (event !== undefined) yield sse(event);
        await time.sleep(DAY / 8);
      }
    }
    await using played = await setting((time) => ({ body: body(time) }), {
      timeout: { response: Infinity, idle: Infinity, stall: Infinity },
      ...transport,
    });
    const { time, client } = played;
    const text = client.messages.stream(PARAMS).getFinalText();
    await time.quiet();
    expect(time.clock.pending).toBe(0);
    expect(await time.pass(text)).toBe('Hello world');
    // The last event but one has the stop reason: 5 s later the message is complete.
    expect(time.now()).toBe((DAY / 8) * (hello.length - 1) + 5_000);
  });
});

it('on Node nothing but our clocks limits a wait', async () => {
  const dialled: Socket[] = [];
  const fetched: unknown[] = [];
  const onDial = (message: unknown): void =>
    void dialled.push((message as { socket: Socket }).socket);
  const onFetch = (message: unknown): void => void fetched.push(message);
  subscribe('net.client.socket', onDial);
  subscribe('undici:request:create', onFetch);
  try {
    await using played = await setting((time) => ({
      body: (async function* () {
        await time.sleep(179_000);
        yield sse(...hello.slice(0, 4));
        // That of idle connections, which counts here too.
        dialled[0]?.emit('timeout');
        await time.sleep(179_000);
        yield sse(...hello.slice(4));
      })(),
    }));
    const { time, client } = played;
    expect(await time.pass(client.messages.stream(PARAMS).getFinalText())).toBe('Hello world');
    expect(dialled).toHaveLength(1);
    expect(fetched).toEqual([]);
  } finally {
    unsubscribe('net.client.socket', onDial);
    unsubscribe('undici:request:create', onFetch);
  }
});

describe('the limits of a fetch of its own', () => {
  const failed = (code: string): TypeError =>
    new TypeError('terminated', { cause: Object.assign(new Error('too slow'), { code }) });
  const bytes = new TextEncoder();
  /** By hand: the codes are those of Node's fetch. A body that gives some events and fails then. */
  const breaking = (code: string, ...events: WireEvent[]): Response =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          if (events.length === 0) return controller.error(failed(code));
          controller.enqueue(bytes.encode(sse(...events.splice(0))));
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  const cases: Readonly<
    Record<string, [fetch: () => Promise<Response>, phase: string, requests: number]>
  > = {
    'no connection': [() => Promise.reject(failed('UND_ERR_CONNECT_TIMEOUT')), 'response', 3],
    'no headers': [() => Promise.reject(failed('UND_ERR_HEADERS_TIMEOUT')), 'response', 3],
    'silence after the headers': [async () => breaking('UND_ERR_BODY_TIMEOUT'), 'idle', 3],
    'silence after message_start': [
      async () => breaking('UND_ERR_BODY_TIMEOUT', messageStart()),
      'idle',
      3,
    ],
    'silence in text': [
      async () => breaking('UND_ERR_BODY_TIMEOUT', ...hello.slice(0, 4)),
      'idle',
      1,
    ],
  };
  it.each(Object.entries(cases))('%s', async (_, [respond, phase, requests]) => {
    let sent = 0;
    await using played = await setting(() => whole, {
      fetch: () => {
        sent++;
        return respond();
      },
    });
    const { time, client } = played;
    const error = await time.pass(failure(all(client.messages.stream(PARAMS))));
    expect(error).toMatchObject({ name: 'APITimeoutError', phase, retryable: true });
    expect((error as Error).message).toContain("the platform's own limit was reached: UND_ERR_");
    expect(sent).toBe(requests);
  });
});

// By hand: that of the emulator listens.
describe('a fetch that does not listen to its signal', () => {
  it('is held to the limits all the same', async () => {
    await using played = await setting(() => whole, { fetch: () => new Promise(() => {}) });
    const { time, client } = played;
    const limits = { response: 20_000, total: 50_000 };
    const reading = client.messages.stream(PARAMS, { timeout: limits }).untilDone();
    expect(await timeout(time, reading)).toEqual(['total', 50_000]);
    expect(time.clock.pending).toBe(0);
  });

  it('has its body closed', async () => {
    const cancelled: unknown[] = [];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(BEGIN + HALF_AN_EVENT)),
      cancel: (reason) => void cancelled.push(reason),
    });
    await using played = await setting(() => whole, { fetch: async () => new Response(body) });
    const { time, client } = played;
    const reading = client.messages.stream(PARAMS).untilDone();
    expect(await timeout(time, reading)).toEqual(['idle', 180_000]);
    await time.quiet();
    expect(cancelled).toHaveLength(1);
  });

  it('has an answer that comes too late closed', async () => {
    let answer: ((response: Response) => void) | undefined;
    const cancelled: unknown[] = [];
    const body = new ReadableStream<Uint8Array>({
      cancel: (reason) => void cancelled.push(reason),
    });
    await using played = await setting(() => whole, {
      maxRetries: 0,
      fetch: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const { time, client } = played;
    expect(await timeout(time, client.messages.stream(PARAMS).untilDone())).toEqual([
      'response',
      600_000,
    ]);
    answer?.(new Response(body));
    await time.quiet();
    expect(cancelled).toHaveLength(1);
  });
});
