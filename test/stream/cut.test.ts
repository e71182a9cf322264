import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import { type AnthropicError, APIConnectionError, StreamTruncatedError } from '../../src/errors.js';
import { toolInput } from '../../src/message/tool-input.js';
import type { ClientOptions } from '../../src/options.js';
import {
  ENDING,
  messageStart,
  PING,
  sse,
  textBlock,
  thinkingBlock,
  toolBlock,
  type WireEvent,
} from '../contract/wire.js';
import { inBatches } from '../support/in-batches.js';
import { type Exchange, rawServer, SEEN } from '../support/raw-server.js';
import { cutsOf } from '../support/tier.js';
import { clientOf, PARAMS } from './support.js';

const EVENTS: readonly WireEvent[] = [
  messageStart(),
  ...thinkingBlock(0, 'c2ln', 'Hm — ', 'ünlösbar? ', '思考 🤔'),
  PING,
  ...textBlock(1, 'Grüezi ', 'mitenand 👋🏽, ', '你好', ' "quoted"\n\n'),
  ...toolBlock(2, '', '{"city": "Zür', 'ich", "days": 1', '2}'),
  ...ENDING,
];
const BYTES = new TextEncoder().encode(sse(...EVENTS));
const CUTS = cutsOf(BYTES);

/** Where the data of each event is whole, and where the event is: after its blank line. */
const PLACES = EVENTS.map((_, i) => {
  const end = new TextEncoder().encode(sse(...EVENTS.slice(0, i + 1))).length;
  return { data: end - '\n\n'.length, end };
});

type End = 'clean' | 'reset';

/**
 * The events that a client must have at a cut. At a clean end the last one needs no blank line: its
 * data is whole. After a reset that is unknown.
 */
function eventsAt(cut: number, end: End): readonly WireEvent[] {
  const whole = PLACES.filter((place) => (end === 'clean' ? place.data : place.end) <= cut);
  return EVENTS.slice(0, whole.length);
}

/** By hand: the text, the thinking and the raw tool input in the events. */
function contentOf(events: readonly WireEvent[]): string[] {
  const content: string[] = [];
  for (const { type, index, delta } of events as { type: string; index: number; delta: Delta }[]) {
    if (type === 'content_block_start') content[index] = '';
    if (type === 'content_block_delta') {
      content[index] += delta.text ?? delta.thinking ?? delta.partial_json ?? '';
    }
  }
  return content;
}

interface Delta {
  text?: string;
  thinking?: string;
  partial_json?: string;
}

/** The same of a message. */
function contentIn(message: AnthropicError['partialMessage']): string[] {
  return (message?.content ?? []).map((block) => {
    if (block.type === 'text') return block.text;
    if (block.type === 'thinking') return block.thinking;
    return toolInput(block as { input: unknown }).json;
  });
}

/** The JSON of a complete input is written again, without its white space. */
function compact(part: string): string {
  try {
    return JSON.stringify(JSON.parse(part));
  } catch {
    return part;
  }
}

/** What a client makes of the stream that is cut there; null where that is right. */
async function wrongAt(
  client: Anthropic,
  cut: number,
  seen: () => void,
  end: End,
): Promise<string | null> {
  const stream = client.messages.stream(PARAMS);
  await stream.connect();
  seen();
  const events = eventsAt(cut, end);
  const last = events.at(-1)?.type;
  // Of a message with a stop reason nothing is missing, however its body ends.
  const isComplete = last === 'message_stop' || last === 'message_delta';
  const outcome = await stream.getFinalMessage().then(
    (message) => ({ message, error: undefined }),
    (error: AnthropicError) => ({ message: error.partialMessage, error }),
  );
  const problems = {
    'it is complete': isComplete && outcome.error !== undefined,
    'it is cut': !isComplete && !isCut(outcome.error, end),
    'what was received': !isSame(
      contentIn(outcome.message).map(compact),
      contentOf(events).map(compact),
    ),
    'the message is there': (outcome.message === undefined) !== (events.length === 0),
  };
  const wrong = Object.entries(problems).filter(([, is]) => is);
  if (wrong.length === 0) return null;
  return `${cut}: not so: ${wrong.map(([what]) => what)}; ${outcome.error}`;
}

function isCut(error: unknown, end: End): boolean {
  if (end === 'clean') return error instanceof StreamTruncatedError;
  return error instanceof APIConnectionError && !(error instanceof StreamTruncatedError);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const BATCH = 50;

const transports: Readonly<Record<string, ClientOptions>> = {
  'node:http': {},
  fetch: { fetch: (url, init) => fetch(url, init) },
};

describe.each(Object.entries(transports))('over %s', (_, options) => {
  it.each<End>(['clean', 'reset'])(
    `a stream of ${BYTES.length} bytes that is cut by a %s end at any of ${CUTS.length} places says so, with all it has`,
    async (end) => {
      const exchanges = new Map<number, Exchange>();
      await using server = await rawServer((exchange) => {
        const cut = Number(exchange.path.split('/')[1]);
        exchanges.set(cut, exchange);
        // A reset may overtake bytes that were not read: it waits until the client has them.
        return { body: [BYTES.subarray(0, cut), SEEN], end };
      });
      const check = (cut: number): Promise<string | null> => {
        const client = clientOf({ url: `${server.url}/${cut}` }, options);
        return wrongAt(client, cut, () => exchanges.get(cut)?.seen(), end);
      };
      const problems = await inBatches(CUTS, BATCH, check);
      expect(problems).toHaveLength(CUTS.length);
      expect(problems.filter((problem) => problem !== null)).toEqual([]);
    },
  );
});
