import { readFileSync } from 'node:fs';
import { crc32, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Anthropic, StreamProtocolError } from '../../src/index.js';
import { FAULTS, type FaultMakers } from '../../src/testing/fault/fault.js';
import {
  createEmulator,
  type Emulator,
  type Fault,
  fault,
  manualClock,
  parseFaults,
  type Reply,
  randomFaults,
  reply,
  serve,
} from '../../src/testing/index.js';
import type { Message } from '../../src/wire/message.js';
import { ask, PARAMS, rejection } from './ask.js';
import { byFetch, bySocket, settled, type Taken } from './take.js';

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const EVENTS = [
  { type: 'message_start', message: MESSAGE },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const JSONS = EVENTS.map((event) => JSON.stringify(event));
const SENT = EVENTS.map(({ type }, at) => `event: ${type}\ndata: ${JSONS[at]}\n\n`);
const ALL = SENT.join('');
const ERROR =
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_010000000000000000000001"}\n\n';
const GARBAGE = 'event: content_block_delta\ndata: {"type":"content_block_delta",\xff\n\n';
const upTo = (events: number): string => SENT.slice(0, events).join('');
const from = (events: number): string => SENT.slice(events).join('');
const lines = (prefix: string): string =>
  EVENTS.map((_, at) => `${prefix}${JSONS[at]}\n\n`).join('');
const twiceIfStop = (event: string): string =>
  event.includes('content_block_stop') ? event.repeat(2) : event;
/** In the place of pings, and after each delta. */
const keptAlive = (): string =>
  SENT.slice(0, -1)
    .map((event) => (event.includes('text_delta') ? `${event}data:\n\n` : event))
    .join('');
const TEXT = { phase: 'text' } as const;
const TOOL = { phase: 'tool_input' } as const;

type Elsewhere = 'refuse' | 'gzip' | 'goaway' | 'refuseStream' | 'calm';
type Case = [fault: Fault, body: string, end: Taken['end']];

/**
 * The body byte for byte and how it ends, for each kind of fault: the compiler requires a case for a
 * new one. No time passes. Places are in fault-places.test.ts; faults that show elsewhere are below.
 */
const CASES: Readonly<Record<Exclude<keyof FaultMakers, Elsewhere>, readonly [Case, ...Case[]]>> = {
  status: [
    [
      fault.status(529, { message: 'Too much' }),
      '{"type":"error","error":{"type":"overloaded_error","message":"Too much"},"request_id":"req_010000000000000000000001"}',
      'complete',
    ],
  ],
  error: [[fault.error('overloaded_error', TEXT), upTo(4) + ERROR, 'complete']],
  reset: [[fault.reset({ byte: 200 }), ALL.slice(0, 200), 'reset']],
  stall: [
    [fault.stall(), '', 'hang'],
    [fault.stall({ event: 3 }), upTo(3), 'hang'],
  ],
  pause: [
    [fault.pause(5), '', 'hang'],
    [fault.pause(5, TEXT), upTo(4), 'hang'],
  ],
  pingsOnly: [[fault.pingsOnly(TEXT), upTo(4), 'hang']],
  drip: [
    [fault.drip(5), '', 'hang'],
    [fault.drip(5, TEXT), upTo(4), 'hang'],
  ],
  cut: [
    [fault.cut({ byte: 120 }), ALL.slice(0, 120), 'complete'],
    [fault.cut({ byte: ALL.length + 1 }), ALL, 'complete'],
    [fault.cut({ event: 'brand_new' }), ALL, 'complete'],
    [fault.cut({ phase: 'thinking' }), ALL, 'complete'],
  ],
  garbage: [
    [fault.garbage(TEXT), upTo(4) + GARBAGE + from(4), 'complete'],
    [fault.garbage({ byte: 1 }, 'junk'), `ejunk${ALL.slice(1)}`, 'complete'],
  ],
  duplicateStart: [[fault.duplicateStart(), upTo(1) + ALL, 'complete']],
  wrongOrder: [
    [fault.wrongOrder(), `${SENT[1]}${SENT[0]}${from(2)}`, 'complete'],
    [fault.wrongOrder(5), `${upTo(3)}${SENT[4]}${SENT[3]}${from(5)}`, 'complete'],
  ],
  chunks: [[fault.chunks(1), ALL, 'complete']],
  lineEnds: [
    [fault.lineEnds('\r\n'), ALL.replaceAll('\n', '\r\n'), 'complete'],
    [fault.lineEnds('\r'), ALL.replaceAll('\n', '\r'), 'complete'],
  ],
  bom: [[fault.bom(), `\xef\xbb\xbf${ALL}`, 'complete']],
  comments: [
    [fault.comments(), SENT.map((event) => `: alive\n\n${event}`).join(''), 'complete'],
    [fault.comments('hm'), SENT.map((event) => `: hm\n\n${event}`).join(''), 'complete'],
  ],
  dataOnly: [[fault.dataOnly(), lines('data: '), 'complete']],
  noSpace: [
    [
      fault.noSpace(),
      EVENTS.map(({ type }, at) => `event:${type}\ndata:${JSONS[at]}\n\n`).join(''),
      'complete',
    ],
  ],
  splitData: [
    [
      fault.splitData(),
      EVENTS.map(
        (event) =>
          `event: ${event.type}\n${JSON.stringify(event, null, 1)
            .split('\n')
            .map((line) => `data: ${line}\n`)
            .join('')}\n`,
      ).join(''),
      'complete',
    ],
  ],
  noFinalBlankLine: [[fault.noFinalBlankLine(), ALL.slice(0, -1), 'complete']],
  leftOpen: [[fault.leftOpen(), ALL, 'hang']],
  json: [
    [
      fault.json(),
      JSON.stringify({
        ...MESSAGE,
        content: [{ type: 'text', text: 'Hi' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 1, output_tokens: 2 },
      }),
      'complete',
    ],
  ],
  dialect: [
    [fault.dialect('bedrock'), SENT.map(twiceIfStop).join(''), 'complete'],
    [fault.dialect('copilot'), `${keptAlive()}data: [DONE]\n\n`, 'complete'],
  ],
  resetStream: [[fault.resetStream({ byte: 200 }), ALL.slice(0, 200), 'reset']],
  silence: [
    [fault.silence(), '', 'hang'],
    [fault.silence({ event: 3 }), upTo(3), 'hang'],
  ],
};
const ALL_CASES: readonly Case[] = Object.values(CASES).flat();

/** Its clock stands still. */
const emulate = (...faults: Fault[]) =>
  createEmulator({
    clock: manualClock(),
    replies: () => reply.faulty(reply.events(EVENTS), ...faults),
  });

it('has a case for every fault', () => {
  const elsewhere: Elsewhere[] = ['refuse', 'gzip', 'goaway', 'refuseStream', 'calm'];
  expect([...Object.keys(CASES), ...elsewhere].sort()).toEqual(Object.keys(fault).sort());
});

it('docs/testing.md lists every fault and how it is written', () => {
  const docs = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');
  const [, table = ''] = /^\| fault \|(.*?)\n\n/ms.exec(docs) ?? [];
  for (const [name, { specs }] of Object.entries(FAULTS)) {
    expect(table).toContain(`${name}(`);
    for (const spec of Object.keys(specs)) expect(table).toMatch(new RegExp(`\`${spec}[=@\`]`));
  }
});

describe.each(ALL_CASES.map(([given, ...rest]) => [given.name, given, ...rest] as const))(
  '%s',
  (_, given, body, end) => {
    it('over fetch', async () => {
      const taken = await byFetch(emulate(given).fetch, body.length);
      expect([taken.body, taken.end]).toEqual([body, end]);
    });

    it('over a socket', async () => {
      const emulator = emulate(given);
      await using server = await serve(emulator);
      // There are no headers to wait for.
      if (['stall', 'pause=5', 'silence'].includes(given.name))
        return await expectSilence(emulator, server.url);
      const taken = await bySocket(server.url, body.length);
      expect([taken.body, taken.end]).toEqual([body, end]);
    });
  },
);

/** The request arrives, and nothing is sent back. */
async function expectSilence({ waitForRequest, requests }: Emulator, url: string): Promise<void> {
  const abort = new AbortController();
  const post = (_: unknown, init?: RequestInit) => fetch(`${url}/v1/messages`, init);
  const pending = ask({ fetch: post }, {}, { signal: abort.signal });
  await waitForRequest();
  expect(await Promise.race([pending, settled()])).toBeUndefined();
  abort.abort();
  await rejection(pending);
  expect(await requests[0]?.ended).toBe('left');
}

it('refuses and resets connections: a fetch tells them apart, a socket sees a reset', async () => {
  for (const [given, code] of [
    [fault.refuse(), 'ECONNREFUSED'],
    [fault.reset(), 'ECONNRESET'],
  ] as const) {
    const emulator = emulate(given);
    expect(await byFetch(emulator.fetch, 0)).toMatchObject({ body: code, end: 'no response' });
    await using server = await serve(emulator);
    expect(await bySocket(server.url, 0)).toMatchObject({ body: 'ECONNRESET', end: 'no response' });
    expect(emulator.requests.map(({ ending }) => ending)).toEqual(['broken', 'broken']);
  }
});

it('sends the headers of a status', async () => {
  const response = await ask(emulate(fault.status(429, { headers: { 'retry-after': '7' } })));
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
});

it('compresses on the wire, which a fetch decodes', async () => {
  expect((await byFetch(emulate(fault.gzip()).fetch, 0)).body).toBe(ALL);
  await using server = await serve(emulate(fault.gzip()));
  const { body, headers } = await bySocket(server.url, 0);
  expect(headers['content-encoding']).toBe('gzip');
  // RFC 1952 and 1951: a head, each event a stored block, an empty last one, checksum and length.
  const stored = SENT.map((event) => `\0${int16(event.length)}${int16(~event.length)}${event}`);
  const tail = `\x01${int16(0)}${int16(~0)}${int32(crc32(ALL))}${int32(ALL.length)}`;
  expect(body).toBe(`\x1f\x8b\b${'\0'.repeat(6)}\xff${stored.join('')}${tail}`);
  expect(gunzipSync(Buffer.from(body, 'latin1')).toString()).toBe(ALL);
});

const int16 = (n: number): string => String.fromCharCode(n & 0xff, (n >> 8) & 0xff);
const int32 = (n: number): string => int16(n & 0xffff) + int16(n >>> 16);

it('cuts chunks to their sizes, across events', async () => {
  const response = await ask(emulate(fault.chunks(1, 7, 100)));
  const sizes: number[] = [];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
    sizes.push(chunk.length);
  expect(sizes.slice(0, 6)).toEqual([1, 7, 100, 1, 7, 100]);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(ALL.length);
});

it('applies faults in order', async () => {
  const taken = await byFetch(
    emulate(fault.lineEnds('\r\n'), fault.bom(), fault.cut({ byte: 23 })).fetch,
    23,
  );
  expect(taken.body).toBe('\xef\xbb\xbfevent: message_start\r'.slice(0, 23));
});

const broken = reply.sequence(reply.text('Hello'), reply.error(529));
it.each<[of: string, given: Reply]>([
  ['text', reply.text('Hello')],
  ['a broken sequence', broken],
  ['an error', reply.error(529)],
  ['events', reply.events(EVENTS)],
  ['a message', reply.message({ ...MESSAGE } as unknown as Message)],
  ['raw bytes', reply.raw(200, {}, ['one, ', 'two'])],
  ['one with another fault', reply.faulty(reply.text('Hello'), fault.bom())],
  ['one with a pace', reply.paced(reply.text('Hello'), {})],
])('apply to any reply, streamed or not: %s', async (_, given) => {
  for (const stream of [true, false]) {
    const bytes = async (replies: Reply): Promise<string> => {
      const response = await ask(createEmulator({ replies: [replies] }), { stream });
      return Buffer.from(await response.arrayBuffer()).toString('latin1');
    };
    const complete = await bytes(given);
    expect(await bytes(reply.faulty(given, fault.cut({ byte: 7 })))).toBe(complete.slice(0, 7));
    const two = [fault.garbage({ byte: 7 }, 'x'), fault.cut({ byte: 8 })];
    expect(await bytes(reply.faulty(given, ...two))).toBe(`${complete.slice(0, 7)}x`);
  }
});

describe('faults that take time', () => {
  /** When each chunk arrives, as the clock advances. */
  async function getTimes(given: Fault, count: number): Promise<[ms: number, body: string][]> {
    const clock = manualClock();
    const emulator = createEmulator({
      clock,
      replies: () => reply.faulty(reply.events(EVENTS), given),
    });
    const times: [number, string][] = [];
    const done = (async () => {
      const reader = ((await ask(emulator)).body as ReadableStream<Uint8Array>).getReader();
      while (times.length < count) {
        const { value } = await reader.read();
        if (value === undefined) break;
        times.push([clock.now(), Buffer.from(value).toString('latin1')]);
      }
      await reader.cancel();
    })();
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    while (!isDone) {
      await Promise.race([clock.waiting(), done]);
      if (!isDone) await clock.advance(10);
    }
    await done;
    return times;
  }

  it('pause: before the headers, or at a place', async () => {
    expect(await getTimes(fault.pause(500), 1)).toEqual([[500, SENT[0]]]);
    expect(await getTimes(fault.pause(30, { event: 1 }), 2)).toEqual([
      [0, SENT[0]],
      [30, SENT[1]],
    ]);
  });

  it('pingsOnly: nothing but pings, at an interval', async () => {
    const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
    expect(await getTimes(fault.pingsOnly({ event: 1 }, 50), 4)).toEqual([
      [0, SENT[0]],
      [50, ping],
      [100, ping],
      [150, ping],
    ]);
  });

  it('drip: one byte at a time', async () => {
    expect(await getTimes(fault.drip(10), 3)).toEqual([
      [10, 'e'],
      [20, 'v'],
      [30, 'e'],
    ]);
  });
});

function getMessage(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    return (error as Error).message;
  }
}

describe('parseFaults', () => {
  it('reads back the name of every fault', () => {
    const places = [{ byte: 5 }, { event: 3 }, { event: 'message_start' }, TEXT, TOOL];
    const all = [
      ...ALL_CASES.map(([given]) => given),
      ...[fault.refuse(), fault.reset(), fault.chunks(1, 5), fault.gzip(), fault.wrongOrder(3)],
      ...[fault.goaway(), fault.refuseStream(), fault.calm(), fault.resetStream()],
      ...places.flatMap((place) => [fault.cut(place), fault.pause(5, place), fault.reset(place)]),
    ];
    for (const { name } of all) {
      const parsed = parseFaults(name) as readonly Fault[];
      expect(parsed.map((one) => one.name)).toEqual([name]);
    }
    // There are no other forms.
    const [, forms = ''] = /write one of (.*); or/.exec(getMessage(() => parseFaults('x'))) ?? [];
    const written = forms.split(', ').map((form) => /^[a-z-]+/.exec(form)?.[0]);
    const kinds = new Set(all.map(({ name }) => name.split(/[=@]/)[0]));
    expect([...kinds].sort()).toEqual(written.sort());
    const three = parseFaults('crlf, pause=500@text,cut@event:3') as readonly Fault[];
    expect(three.map(({ name }) => name)).toEqual(['crlf', 'pause=500@text', 'cut@event:3']);
  });

  it.each([
    ...['', 'explode', 'CUT@5', 'constructor', 'cut', 'cut@', 'cut@nowhere', 'cut@event:'],
    ...['status', 'status=529@text', 'error=api_error', 'pause@text', 'pause=x@text', 'pings'],
    ...['drip', 'drip=x', 'bom=5', 'bom@text', 'wrong-order=x', 'chunks=5/', 'chunks=x'],
    ...['random', 'random=x'],
  ])("refuses '%s'", (spec) => {
    const refusal = `'${spec}' is not a fault: write one of status=TYPE, error=TYPE@WHERE, cut@WHERE, `;
    expect(() => parseFaults(spec)).toThrow(refusal);
  });

  it.each([
    ['chunks=0', 'fault.chunks() needs sizes of at least 1'],
    ['wrong-order=1', 'fault.wrongOrder() needs an event with one before it: pass 2 or more'],
    ['status=200', '200 is not an error status'],
    ['random=7,cut@5', "'random=7' is not a fault"],
  ])('rejects %s, and says why', (spec, why) => {
    expect(() => parseFaults(spec)).toThrow(why);
  });

  it('reads the plan of a seed', () => {
    const plan = parseFaults('random=7') as ReturnType<typeof randomFaults>;
    expect(plan(3).map(({ name }) => name)).toEqual(randomFaults(7)(3).map(({ name }) => name));
  });
});

describe('randomFaults', () => {
  const names = (seed: number, rate?: number) => {
    const plan = randomFaults(seed, rate === undefined ? {} : { rate });
    return Array.from({ length: 400 }, (_, n) =>
      plan(n + 1)
        .map(({ name }) => name)
        .join(),
    );
  };

  it('is the same for a seed, follows the rate, and draws many kinds', () => {
    expect(names(1)).toEqual(names(1));
    expect(names(1)).not.toEqual(names(2));
    const faulty = names(1).filter(Boolean);
    expect(faulty.length).toBeGreaterThan(150);
    expect(faulty.length).toBeLessThan(250);
    expect(new Set(faulty.map((name) => name.split(/[=@]/)[0])).size).toBeGreaterThan(14);
    expect(names(1, 0).filter(Boolean)).toEqual([]);
    expect(names(1, 1).filter(Boolean)).toHaveLength(400);
  });

  it('is a plan for an emulator: every answer ends, and answers without a fault are complete', async () => {
    const plan = randomFaults(3);
    const emulator = createEmulator({ replies: () => reply.events(EVENTS), faults: plan });
    let whole = 0;
    for (let number = 1; number <= 100; number++) {
      const taken = await byFetch(emulator.fetch, Number.POSITIVE_INFINITY);
      expect(taken.end).not.toBe('hang');
      if (plan(number).length > 0) continue;
      whole++;
      expect(taken.body).toBe(ALL);
    }
    expect(whole).toBeGreaterThan(30);
  });
});

it('leaves JSON alone where the blank line after an event would be missing', async () => {
  const replies = [reply.faulty(reply.text('Hello'), fault.noFinalBlankLine())];
  const response = await ask(createEmulator({ replies }), { stream: false });
  expect(await response.json()).toMatchObject({ content: [{ text: 'Hello' }] });
});

it('is noticed where garbage stands between events', async () => {
  const replies = [reply.faulty(reply.text('Hello'), fault.garbage(TEXT))];
  const client = new Anthropic({ apiKey: 'a', fetch: createEmulator({ replies }).fetch });
  expect(await rejection(client.messages.stream(PARAMS).untilDone())).toBeInstanceOf(
    StreamProtocolError,
  );
});

it('tells nginx to pass a stream on as it comes', async () => {
  const { headers } = await ask(createEmulator({ replies: [reply.text('Hello')] }));
  expect(headers.get('x-accel-buffering')).toBe('no');
});
