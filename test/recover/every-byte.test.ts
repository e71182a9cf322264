import { describe, expect, it } from 'vitest';
import type { RecoverInfo, RecoverOptions } from '../../src/stream/recover/options.js';
import { sse } from '../contract/wire.js';
import { clientOf, HASTY, PARAMS } from '../stream/support.js';
import { inBatches } from '../support/in-batches.js';
import { type Exchange, rawServer, type Script, SEEN } from '../support/raw-server.js';
import { cutsOf } from '../support/tier.js';
import {
  continuing,
  INPUT_TOKENS,
  type ModelOptions,
  OUTPUT_TOKENS,
  type Planned,
  whole,
} from './continuing.js';
import { made } from './reader.js';

const TEXT = 'Grüezi mitenand 👋🏽, said the fox.\n\nAnd it jumped over “the dog”, 你好!';
const PLAN: readonly Planned[] = [{ type: 'text', text: TEXT }];
const EVENTS = whole(PLAN);
const bytesOf = (count: number): Uint8Array =>
  new TextEncoder().encode(sse(...EVENTS.slice(0, count)));
const BYTES = bytesOf(EVENTS.length);
const CUTS = cutsOf(BYTES);
const ENDS = EVENTS.map((_, i) => bytesOf(i + 1).length);

interface Way {
  model: string;
  recover: boolean | RecoverOptions;
  server: ModelOptions;
  /** How the requests for a rest were made, the one that was refused included. */
  kind: RecoverInfo['mode'][];
}

const old = 'claude-sonnet-4-5';
const ways: Readonly<Record<string, Way>> = {
  prefill: { model: old, recover: { mode: 'prefill' }, server: {}, kind: ['prefill'] },
  'instruct, without overlap': {
    model: old,
    recover: { mode: 'instruct' },
    server: {},
    kind: ['instruct'],
  },
  'instruct, with an overlap of 20': {
    model: old,
    recover: { mode: 'instruct' },
    server: { overlap: 20 },
    kind: ['instruct'],
  },
  'auto, a model that takes prefill': { model: old, recover: true, server: {}, kind: ['prefill'] },
  'auto, a model that refuses prefill': {
    model: old,
    recover: true,
    server: { refusesPrefill: true, overlap: 20 },
    kind: ['prefill', 'instruct'],
  },
};

type End = 'clean' | 'reset';

const BATCH = 50;

describe.each(Object.entries(ways))('%s', (_, way) => {
  it.each<End>(['clean', 'reset'])(
    `a stream of ${BYTES.length} bytes that is cut by a %s end at any of ${CUTS.length} places is the uncut one`,
    async (end) => {
      const model = continuing(PLAN, way.server);
      const broken = new Map<number, Exchange>();
      await using server = await rawServer((exchange): Script => {
        const cut = Number(exchange.path.split('/')[1]);
        if (broken.has(cut)) return model(exchange);
        broken.set(cut, exchange);
        // A reset may overtake bytes that were not read: it waits until the client has them.
        return { body: [BYTES.subarray(0, cut), SEEN], end };
      });
      const check = (cut: number): Promise<string | null> =>
        wrongAt({ url: `${server.url}/${cut}` }, way, cut, end, () => broken.get(cut)?.seen());
      const problems = await inBatches(CUTS, BATCH, check);
      expect(problems).toHaveLength(CUTS.length);
      expect(problems.filter((problem) => problem !== null)).toEqual([]);
    },
    60_000,
  );
});

/** What is wrong with the stream that is cut there; null where nothing is. */
async function wrongAt(
  server: { url: string },
  way: Way,
  cut: number,
  end: End,
  seen: () => void,
): Promise<string | null> {
  const client = clientOf(server, { maxRetries: 1, clock: HASTY });
  const stream = client.messages.stream({ ...PARAMS, model: way.model }, { recover: way.recover });
  const told: string[] = [];
  stream.on('recover', ({ mode, error }) => told.push(`${mode} ${error.name}`));
  stream.on('restart', () => told.push('restart'));
  await stream.connect();
  seen();
  let text = '';
  const [message, events] = await Promise.all([
    stream.getFinalMessage(),
    made(stream),
    (async () => {
      for await (const piece of stream.textStream) text += piece;
    })(),
  ]).catch((error: unknown) => [error, undefined]);
  if (events === undefined) return `${cut}: ${message}`;
  const expected = expectedAt(cut, end, way);
  const actual = {
    content: (message as { content: unknown }).content,
    events,
    text,
    told,
    usage: (message as { usage: unknown }).usage,
    attempts: stream.attempts.map(({ kind, outcome }) => `${kind} ${outcome}`),
    received: stream.attempts.reduce((sum, { received }) => sum + received.characters, 0),
  };
  const wrong = Object.entries({ ...expected, events: { ...expected.events, message } }).filter(
    ([name, value]) => !isSame(value, actual[name as keyof typeof actual]),
  );
  if (wrong.length === 0) return null;
  return `${cut}: ${JSON.stringify(wrong)}, but it is ${JSON.stringify(actual)}`;
}

/** By hand: what the stream that is cut there must be, whole as it is. */
function expectedAt(cut: number, end: End, { kind }: Way) {
  // At a clean end the last event needs no blank line; after a reset it is unknown whether it is whole.
  const whole = ENDS.filter((place) => place - (end === 'clean' ? 2 : 0) <= cut).length;
  const types = new Set(EVENTS.slice(0, whole).map(({ type }) => type));
  const isComplete = types.has('message_delta');
  const isRetry = !types.has('content_block_start');
  const asked: string[] = types.has('content_block_delta') ? kind : ['from-scratch'];
  const more = isComplete ? [] : isRetry ? ['request'] : asked;
  const answers = isComplete || isRetry ? 1 : 2;
  const error = end === 'clean' ? 'StreamTruncatedError' : 'APIConnectionError';
  return {
    content: PLAN,
    events: { starts: 1, content: PLAN },
    text: TEXT,
    told: isComplete || isRetry ? [] : asked.map((mode) => `${mode} ${error}`),
    usage: {
      input_tokens: INPUT_TOKENS * answers,
      output_tokens: OUTPUT_TOKENS + answers - 1,
    },
    attempts: ['request', ...more].map(
      (kind, i) => `${kind} ${i === more.length ? 'complete' : 'failed'}`,
    ),
    received: TEXT.length,
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
