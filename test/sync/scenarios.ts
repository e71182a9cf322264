import type { Script } from '../contract/script.js';
import {
  blockStart,
  type delta,
  ENDING,
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  sse,
  textBlock,
  textDelta,
  textMessage,
  thinkingBlock,
  toolBlock,
} from '../contract/wire.js';
import { deferred } from '../support/deferred.js';
import type { Exchange } from '../support/raw-server.js';

/** What a server plays for a test of the blocking client, and what the test may tell it meanwhile. */
export interface Play {
  /** Resolves with the next `go` of the test. */
  go: () => Promise<void>;
  /** How many requests there were before under the same key. */
  n: number;
  exchange: Exchange;
}

/** By the name in the path. */
export const scenarios: Readonly<Record<string, (play: Play) => Script>> = {
  hello: () => ({ body: [sse(...textMessage('Hello', ', wörld'))] }),
  message: () => ({
    headers: { 'content-type': 'application/json' },
    body: [
      JSON.stringify({
        ...(messageStart({ stop_reason: 'end_turn' }).message as object),
        content: [{ type: 'text', text: 'Hello' }],
      }),
    ],
  }),
  tokens: () => ({
    headers: { 'content-type': 'application/json' },
    body: [JSON.stringify({ input_tokens: 8 })],
  }),
  /** The text says what was sent: the path and the headers by which a client is told apart. */
  echo: ({ exchange: { path, body, headers } }) => ({
    body: [sse(...textMessage(JSON.stringify({ path, headers, body: JSON.parse(body) })))],
  }),
  /** Says what the user said, four characters at a time; `user_id` is the stop reason. */
  parrot: ({ exchange: { body } }) => {
    const { messages, metadata } = JSON.parse(body);
    const pieces: string[] = messages[0].content.match(/[\s\S]{1,4}/g) ?? [];
    return {
      body: [
        sse(
          messageStart(),
          ...textBlock(0, ...pieces),
          messageDelta({ stop_reason: metadata?.user_id ?? 'end_turn' }),
          MESSAGE_STOP,
        ),
      ],
    };
  },
  rich: () => ({
    body: [
      sse(
        messageStart(),
        ...thinkingBlock(0, 'sig', 'Let ', 'me think.'),
        PING,
        ...textBlock(1, 'It is ', '21 °C'),
        ...toolBlock(2, '', '{"city": "Zür', 'ich"}'),
        { type: 'brand_new', x: 1 },
        messageDelta({ stop_reason: 'tool_use' }),
        MESSAGE_STOP,
      ),
    ],
  }),
  cutTool: () => ({
    body: [
      sse(
        messageStart(),
        ...toolBlock(0, '{"city": "Zür'),
        messageDelta({ stop_reason: 'max_tokens' }),
        MESSAGE_STOP,
      ),
    ],
  }),
  /** One delta for each `go`. */
  lockstep: ({ go }) => ({
    body: (async function* () {
      yield sse(messageStart(), blockStart(0, { type: 'text', text: '' }));
      for (let i = 0; i < 5; i++) {
        await go();
        yield sse(textDelta(0, String(i)));
      }
      yield sse({ type: 'content_block_stop', index: 0 }, ...ENDING);
    })(),
  }),
  /** A delta every 40 ms. */
  live: () => ({
    body: (async function* () {
      yield sse(messageStart(), blockStart(0, { type: 'text', text: '' }));
      for (let i = 0; i < 12; i++) {
        await pause(40);
        yield sse(textDelta(0, `${i} `));
      }
      yield sse({ type: 'content_block_stop', index: 0 }, ...ENDING);
    })(),
  }),
  endless: () => ({
    body: (function* () {
      yield sse(messageStart(), blockStart(0, { type: 'text', text: '' }));
      for (;;)
        yield sse(...Array<ReturnType<typeof delta>>(100).fill(textDelta(0, 'x'.repeat(80))));
    })(),
  }),
  /** Half a text, and the rest when the test says so. */
  late: ({ go }) => ({
    body: (async function* () {
      yield sse(...textMessage('Hello', ', ', 'wörld').slice(0, 4));
      await go();
      yield sse(...textMessage('Hello', ', ', 'wörld').slice(4));
    })(),
  }),
  mute: () => ({ status: 'none', end: 'hang' }),
  silent: () => ({ body: [sse(...textMessage('Hello').slice(0, 4))], end: 'hang' }),
  pings: () => ({
    body: (async function* () {
      yield sse(...textMessage('Hello').slice(0, 4));
      for (;;) {
        await pause(20);
        yield sse(PING);
      }
    })(),
  }),
  /** Overloaded twice, as a status and as an event, then a whole message. */
  flaky: ({ n }) =>
    [
      {
        status: 529,
        headers: { 'content-type': 'application/json', 'retry-after-ms': '1' },
        body: [JSON.stringify(errorEvent('overloaded_error'))],
      },
      {
        headers: { 'request-id': 'req_second', 'retry-after-ms': '1' },
        body: [sse(messageStart(), errorEvent('overloaded_error'))],
      },
      { headers: { 'request-id': 'req_third' }, body: [sse(...textMessage('At last'))] },
    ][n] as Script,
  /** Cut in the middle of a text; asked for the rest, it gives the rest. */
  cut: ({ n }) =>
    n === 0
      ? { body: [sse(...textMessage('Once upon', ' a time').slice(0, 5))] }
      : { headers: { 'request-id': 'req_rest' }, body: [sse(...textMessage(' there was.'))] },
  /** A run: a turn that is cut in the middle of a text, its rest with a call, and a last turn. */
  cutRun: ({ n }) =>
    [
      { body: [sse(...textMessage('Let me ', 'look').slice(0, 5))] },
      {
        body: [
          sse(
            messageStart(),
            ...textBlock(0, ' outside.'),
            ...toolBlock(1, '{"city": "Oslo"}'),
            messageDelta({ stop_reason: 'tool_use' }),
            MESSAGE_STOP,
          ),
        ],
      },
      { body: [sse(...textMessage(' Done.'))] },
    ][n] as Script,
  /** Cut in the middle of thinking, which cannot be continued: asked again, it starts from scratch. */
  cutThinking: ({ n }) => ({
    body: [
      n === 0
        ? sse(messageStart(), ...thinkingBlock(0, 'sig', 'Let me').slice(0, 2))
        : sse(
            messageStart(),
            ...thinkingBlock(0, 'sig2', 'Anew.'),
            ...textBlock(1, 'Yes'),
            ...ENDING,
          ),
    ],
  }),
  limited: () => ({
    headers: {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'set-cookie': 'a=1',
    },
    body: [sse(...textMessage('Hello'))],
  }),
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** One `go` for each call, whichever comes first. */
export function gates(): { go: () => Promise<void>; open: () => void } {
  const opened: ReturnType<typeof deferred<void>>[] = [];
  const gate = (at: number): ReturnType<typeof deferred<void>> => {
    opened[at] ??= deferred();
    return opened[at];
  };
  let waits = 0;
  let opens = 0;
  return { go: () => gate(waits++).promise, open: () => gate(opens++).resolve() };
}
