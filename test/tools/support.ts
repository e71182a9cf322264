import type { ClientOptions, RunnableTool } from '../../src/index.js';
import { type Anthropic, Anthropic as Client, tool } from '../../src/index.js';
import {
  createEmulator,
  type EmulatorRequest,
  type Replies,
  type Reply,
  reply,
  serve,
} from '../../src/testing/index.js';
import {
  ENDING,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  sse,
  type WireEvent,
} from '../contract/wire.js';

export const PARAMS = {
  model: 'claude-test',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'What is the weather?' }],
};

/** The API, as a client sees it. */
export interface World extends AsyncDisposable {
  client: Anthropic;
  /** The bodies of all requests so far. */
  readonly bodies: readonly EmulatorRequest['body'][];
  /** The headers of the last request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The same replies in this process, and over a socket. */
export const WORLDS = [
  ['in this process', (replies: Replies) => world(replies, false)],
  ['over HTTP', (replies: Replies) => world(replies, true)],
] as const;

async function world(replies: Replies, overHttp: boolean): Promise<World> {
  const emulator = createEmulator({ replies });
  const server = overHttp ? await serve(emulator) : undefined;
  const where = server ? { baseURL: server.url } : { fetch: emulator.fetch };
  return {
    client: new Client({ apiKey: 'test', maxRetries: 0, ...where }),
    get bodies() {
      return emulator.requests.map(({ body }) => body);
    },
    get headers() {
      return emulator.requests.at(-1)?.headers ?? {};
    },
    [Symbol.asyncDispose]: async () => server?.close(),
  };
}

export const CITY = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
} as const;

/** The tool of most tests. It says what it was asked, in the order of the questions. */
export function weatherTool(asked: string[] = []): RunnableTool<{ city: string }> {
  return tool({
    name: 'get_weather',
    description: 'The weather in a city',
    input: CITY,
    run({ city }) {
      asked.push(city);
      return `Sunny in ${city}`;
    },
  });
}

export const askFor = (city: unknown, id?: string): Reply & { kind: 'content' } =>
  reply.toolUse('get_weather', { city }, id === undefined ? {} : { id });

/** A reply of these blocks, which may be cut or wrong, and its stop reason. */
export function rawReply(stop_reason: string, ...blocks: readonly WireEvent[]): Reply {
  return reply.events([
    messageStart(),
    ...blocks,
    messageDelta({ stop_reason, stop_sequence: null }),
    MESSAGE_STOP,
  ]);
}

/** A request that is answered by hand. */
export interface Held {
  feed(...events: readonly WireEvent[]): void;
  /** The ordinary end of a message: `stop_reason` is `end_turn` or what is given. */
  finish(stop_reason?: string): void;
  /** The server breaks the connection. */
  break(): void;
  readonly signal: AbortSignal;
  /** Whether the client is still connected and the answer has no end. */
  readonly isOpen: boolean;
}

/** A client whose requests are answered by hand, event by event, as the test goes on. */
export function byHand(options: Pick<ClientOptions, 'apiKey'> = {}): {
  client: Anthropic;
  request: (n?: number) => Promise<Held>;
  held: () => readonly Held[];
} {
  const held: Held[] = [];
  const waiting: (() => void)[] = [];
  const utf8 = new TextEncoder();
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal as AbortSignal;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
    });
    signal.addEventListener('abort', () => controller?.error(signal.reason));
    const feed = (...events: readonly WireEvent[]): void =>
      controller?.enqueue(utf8.encode(sse(...events)));
    let isEnded = false;
    held.push({
      feed,
      finish: (stop_reason) => {
        isEnded = true;
        const given = [messageDelta({ stop_reason }), MESSAGE_STOP];
        feed(...(stop_reason === undefined ? ENDING : given));
      },
      break: () => controller?.error(new TypeError('terminated')),
      signal,
      get isOpen() {
        return !isEnded && !signal.aborted;
      },
    });
    for (const wake of waiting.splice(0)) wake();
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  const request = async (n = 0): Promise<Held> => {
    while (held.length <= n) await new Promise<void>((resolve) => waiting.push(resolve));
    return held[n] as Held;
  };
  return {
    client: new Client({ apiKey: 'test', maxRetries: 0, fetch, ...options }),
    request,
    held: () => held,
  };
}
