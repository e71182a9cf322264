import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { AnthropicError } from '../../src/errors.js';
import type { ClientOptions } from '../../src/options.js';
import { PARAMS, types, until } from '../stream/support.js';
import { CELLS, type Cell, expectedOf, IMPOSSIBLE } from './expected.js';
import { FAULTS, type Fault } from './faults.js';
import { faultyServer, NOWHERE } from './faulty-server.js';
import { PLACES, type Place } from './places.js';
import { protocolOf, TRANSPORTS } from './setting.js';
import { VirtualTime } from './virtual-time.js';

/** Shorter than the default of `stall`. */
const LIMITS = { response: 600_000, idle: 180_000, stall: 240_000 };

/** Two pauses are of 0.5 s and 1 s, each less up to a quarter: so much on average. */
const BACKOFF = [562.5, 750] as const;

/** How a stream is read. */
interface Way {
  transport: keyof typeof TRANSPORTS;
  read: (client: Anthropic) => Promise<Outcome>;
}

interface Outcome {
  types: string[];
  error: AnthropicError | undefined;
  /** How each request of the stream ended, and what was left of the message. */
  attempts?: string[];
  content?: readonly unknown[] | undefined;
  tokens?: number | undefined;
}

const byStream = async (client: Anthropic): Promise<Outcome> => {
  const stream = client.messages.stream(PARAMS);
  const { seen, error } = await until(stream);
  const message = error ? (error as AnthropicError).partialMessage : stream.currentMessageSnapshot;
  return {
    types: types(seen),
    error: error as AnthropicError | undefined,
    attempts: stream.attempts.map(({ outcome }) => outcome),
    content: message?.content,
    tokens: message?.usage.output_tokens,
  };
};

const byCreate = async (client: Anthropic): Promise<Outcome> => {
  const seen: { type: string }[] = [];
  const error = await client.messages.create({ ...PARAMS, stream: true }).then(
    async (stream) => {
      const read = await until(stream);
      seen.push(...read.seen);
      return read.error;
    },
    (error: unknown) => error,
  );
  return {
    types: types(seen).filter((type) => type !== 'ping'),
    error: error as AnthropicError | undefined,
  };
};

const ways: Readonly<Record<string, Way>> = {
  'stream()': { transport: 'node:http', read: byStream },
  'stream() over fetch': { transport: 'fetch', read: byStream },
  'stream() over HTTP/2': { transport: 'node:http2', read: byStream },
  'create({ stream })': { transport: 'node:http', read: byCreate },
};

/** Reads a stream that meets the cell's fault. */
async function meet(
  cell: Cell,
  { transport, read }: Way,
  options: ClientOptions = {},
): Promise<{ outcome: Outcome; requests: number; ms: number; ends: string[] }> {
  using time = new VirtualTime();
  await using server = await faultyServer(cell, time, protocolOf(TRANSPORTS[transport]));
  let requests = 0;
  const ends: string[] = [];
  const isNowhere = cell.place === 'no connect' && cell.fault === 'silence';
  const client = new Anthropic({
    apiKey: 'key',
    baseURL: server.url,
    timeout: LIMITS,
    clock: time.clock,
    observe: (seen) => {
      if (seen.type === 'request') requests++;
      if (seen.type === 'end') ends.push(seen.outcome);
    },
    ...(isNowhere ? NOWHERE : TRANSPORTS)[transport],
    ...options,
  });
  const outcome = await time.pass(read(client));
  const ms = time.now();
  expect(server.requests() ?? requests).toBe(requests);
  expect(time.clock.pending).toBe(0);
  await time.pass(server.left());
  return { outcome, requests, ms, ends };
}

const possible = CELLS.filter(({ stated }) => stated !== undefined && !IMPOSSIBLE.test(stated));

describe('the table of faults', () => {
  it('states what comes of every fault at every place', () => {
    expect(CELLS.filter(({ stated }) => !stated)).toEqual([]);
    expect(CELLS).toHaveLength(Object.keys(PLACES).length * Object.keys(FAULTS).length);
  });

  it('has most of them happen', () => {
    expect(possible.length).toBeGreaterThan(150);
  });
});

describe.each(Object.entries(ways))('%s', (_, way) => {
  it.each(possible)('$place, $fault: $stated', async (cell) => {
    const { outcome, requests, ms, ends } = await meet(cell, way);
    const expected = expectedOf(cell);
    expect(ends).toEqual([observedEnd(expected.error)]);
    expect({ requests, error: named(outcome.error) }).toEqual(expected);
    const [least, most] = timeOf(cell);
    expect(ms).toBeGreaterThanOrEqual(least);
    expect(ms).toBeLessThanOrEqual(most);
    expect(outcome.types).toEqual(typesOf(cell, expected.error === undefined));
    if (outcome.attempts === undefined) return;
    const { content, tokens }: Place = PLACES[cell.place];
    expect(outcome.content).toEqual(content?.map((block) => expect.objectContaining(block)));
    expect(outcome.tokens).toBe(tokens);
    const last = expected.error === undefined ? 'complete' : 'failed';
    expect(outcome.attempts).toEqual([...Array(requests - 1).fill('failed'), last]);
  });
});

/** What observers are told of an end. */
function observedEnd(error: { name: string; phase?: string } | undefined): string {
  if (error === undefined) return 'complete';
  if (error.name === 'StreamTruncatedError') return 'truncated';
  if (error.name === 'APIUserAbortError') return 'closed';
  return ['idle', 'stall', 'total'].find((phase) => phase === error.phase) ?? 'failed';
}

function named(error: AnthropicError | undefined): { name: string; phase?: string } | undefined {
  if (error === undefined) return undefined;
  const { name, phase } = error as { name: string; phase?: string };
  return { name, ...(phase !== undefined && { phase }) };
}

/** How long it may take in all, in milliseconds, at least and at most. */
function timeOf(cell: Cell): [least: number, most: number] {
  const { head, asks = BACKOFF }: Fault = FAULTS[cell.fault];
  const { requests, error } = expectedOf(cell);
  const phase = error?.phase as keyof typeof LIMITS | undefined;
  const atOnce = head !== undefined || cell.place === 'no connect';
  const isFinished = cell.place === 'after message_delta' && error === undefined;
  // The fault comes after a second; then 5 s are left for a message_stop, where the body goes on.
  const finish = isFinished && GOES_ON.has(cell.fault) ? 5_000 : 1_000;
  const each = phase === undefined ? (atOnce ? 0 : finish) : LIMITS[phase];
  const pauses = requests - 1;
  const [least, most] = asks.map((pause) => requests * each + pauses * pause);
  return [least as number, most as number];
}

const GOES_ON: ReadonlySet<string> = new Set(['silence', 'pings only', 'comments only', 'drip']);

/** What the reader must have seen: what came before the fault, once, and maybe the end. */
function typesOf({ place }: Cell, isFinished: boolean): string[] {
  const seen = types(PLACES[place].events ?? []).filter((type) => type !== 'ping');
  return isFinished ? [...seen, 'message_stop'] : seen;
}

describe('maxRetries: 0', () => {
  it.each(possible)('$place, $fault: one request', async (cell) => {
    const { outcome, requests } = await meet(cell, ways['stream()'] as Way, { maxRetries: 0 });
    expect({ requests, error: named(outcome.error) }).toEqual({
      ...expectedOf(cell),
      requests: 1,
    });
  });
});

describe('a total of 100 s', () => {
  it.each(possible)('$place, $fault: ends in time', async (cell) => {
    const timeout = { ...LIMITS, total: 100_000 };
    const { outcome, ms } = await meet(cell, ways['stream()'] as Way, { timeout });
    const [least] = timeOf(cell);
    const { error } = expectedOf(cell);
    expect(named(outcome.error)).toEqual(
      least < 100_000 ? error : { name: 'APITimeoutError', phase: 'total' },
    );
    expect(ms).toBeLessThanOrEqual(100_000);
  });
});
