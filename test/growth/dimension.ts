import { Anthropic } from '../../src/client.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import type { RunnerOptions } from '../../src/tools/runner-options.js';
import { tool } from '../../src/tools/tool.js';
import { messageStart } from '../contract/wire.js';
import { PARAMS } from '../stream/support.js';

/** A stream that grows in one dimension. */
export interface Dimension {
  what: string;
  /** How large it is in the smallest run. */
  size: number;
  /** What is done with a stream of some size: it is made before the work is measured. */
  prepare: (size: number) => () => Promise<unknown>;
}

type Event = { type: string; [field: string]: unknown };

export const START: Event = messageStart();
export const TEXT = { type: 'text', text: '', citations: null };
export const THINKING = { type: 'thinking', thinking: '', signature: '' };
export const TOOL = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };
export const END: readonly Event[] = [
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 2 },
  },
  { type: 'message_stop' },
];
export const PING = 'event: ping\ndata: {"type": "ping"}\n\n';

export const sse = (events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
export const blockStart = (index: number, content_block: object = TEXT): Event => ({
  type: 'content_block_start',
  index,
  content_block,
});
export const blockStop = (index: number): Event => ({ type: 'content_block_stop', index });
export const delta = (index: number, change: object): Event => ({
  type: 'content_block_delta',
  index,
  delta: change,
});
export const text = (piece: string, index = 0): Event =>
  delta(index, { type: 'text_delta', text: piece });
export const json = (piece: string): Event =>
  delta(0, { type: 'input_json_delta', partial_json: piece });
export const signature = (i: number): Event =>
  delta(0, { type: 'signature_delta', signature: `${i}` });
export const citation = (i: number): Event =>
  delta(0, { type: 'citations_delta', citation: { type: 'page_location', cited_text: `${i}` } });
export const usage = (counters: object, more: object = {}): Event => ({
  type: 'message_delta',
  delta: {},
  usage: counters,
  ...more,
});
export const many = <T>(size: number, make: (i: number) => T): T[] =>
  Array.from({ length: size }, (_, i) => make(i));

/** A message whose one block has these events. */
export const inBlock = (events: readonly Event[], block: object = TEXT): string =>
  sse([START, blockStart(0, block), ...events, blockStop(0), ...END]);
export const between = (events: readonly Event[]): string => sse([START, ...events, ...END]);
export const blocks = (order: readonly number[]): string =>
  between(order.flatMap((index) => [blockStart(index), blockStop(index)]));

const utf8 = new TextEncoder();

function bodyOf(content: string, chunkBytes: number): ReadableStream<Uint8Array> {
  const bytes = utf8.encode(content);
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + chunkBytes));
        at += chunkBytes;
      },
    },
    { highWaterMark: 0 },
  );
}

type Read = (stream: MessageStream) => Promise<unknown>;

export const final: Read = (stream) => stream.getFinalMessage();
export const failing: Read = (stream) =>
  stream.getFinalMessage().catch((error: Error) => error.message);
export const looking: Read = async (stream) => {
  for await (const _ of stream) void stream.currentMessageSnapshot;
};
/** Reads the input of the first block in each snapshot, as far as what is open in it is small. */
export const lookingIn: Read = async (stream) => {
  for await (const _ of stream) {
    const block = stream.currentMessageSnapshot?.content[0];
    if (block?.type === 'tool_use') void block.input;
  }
};
export const lookingAtLive: Read = async (stream) => {
  for await (const _ of stream) void stream.liveInput(0);
};
/** The first look comes when most is there. */
export const lookingLate: Read = async (stream) => {
  let n = 0;
  for await (const _ of stream) if (++n > 100) void stream.currentMessageSnapshot;
};
export const hearing: Read = (stream) => {
  let length = 0;
  stream.on('text', (_, snapshot) => {
    length = snapshot.length;
  });
  return stream.getFinalMessage().then(() => length);
};
export const readLate: Read = async (stream) => {
  await stream.getFinalMessage();
  for await (const _ of stream);
  for await (const _ of stream.textStream);
};
/** One reader takes everything, then another that joined at the start. */
export const lagging: Read = async (stream) => {
  const slow = stream[Symbol.asyncIterator]();
  await slow.next();
  await stream.getFinalMessage();
  for await (const _ of slow);
};
/** The same a few events behind. */
export const aLittleBehind: Read = async (stream) => {
  const slow = stream[Symbol.asyncIterator]();
  await slow.next();
  let n = 0;
  for await (const _ of stream) if (++n % 3 === 0) await slow.next();
  for await (const _ of slow);
};
export const relayed: Read = async (stream) => {
  await MessageStream.from(stream.toResponse()).getFinalMessage();
};

const CHUNK = 16_384;

/** A body that `MessageStream.from` reads. */
export function from(
  what: string,
  size: number,
  body: (size: number) => string,
  read: Read = final,
  chunkBytes = CHUNK,
): Dimension {
  return {
    what,
    size,
    prepare: (size) => {
      const content = body(size);
      return () => read(MessageStream.from(bodyOf(content, chunkBytes)));
    },
  };
}

type Use = (client: Anthropic) => Promise<unknown>;

export const stream: Use = (client) => client.messages.stream(PARAMS).getFinalMessage();

/** Responses of a server, one for each request; the last one again for all that follow. */
export function request(
  what: string,
  size: number,
  responses: (size: number) => readonly { body: string; status?: number; type?: string }[],
  use: Use,
): Dimension {
  return {
    what,
    size,
    prepare: (size) => {
      const answers = responses(size);
      return () => {
        let requests = 0;
        const fetch = async (): Promise<Response> => {
          const answer = answers[Math.min(requests++, answers.length - 1)];
          const { body = '', status = 200, type = 'text/event-stream' } = answer ?? {};
          return new Response(bodyOf(body, CHUNK), { status, headers: { 'content-type': type } });
        };
        const client = new Anthropic({ apiKey: 'key', maxRetries: 0, fetch });
        return use(client).catch((error: Error) => error.message);
      };
    },
  };
}

export const recovering: Use = (client) =>
  client.messages.stream(PARAMS, { recover: { attempts: 1 } }).getFinalMessage();
export const message = (content: readonly object[]): string =>
  JSON.stringify({ ...(START.message as object), content, stop_reason: 'end_turn' });
export const blanks = (size: number): string => `x${' '.repeat(size)}y`;
export const apiError = (error: string): string =>
  JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: error } });
export const calls = (size: number): string =>
  sse([
    START,
    ...many(size, (i) => [blockStart(i, { ...TOOL, id: `toolu_${i}` }), blockStop(i)]).flat(),
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ]);
export const running =
  (options: RunnerOptions): Use =>
  async (client) => {
    const f = tool({ name: 'f', description: 'f', input: { type: 'object' }, run: () => 'a' });
    const runner = client.messages.toolRunner({ ...PARAMS, tools: [f] }, options);
    for await (const _ of runner.events);
  };

/** A request to the emulator, which must accept it. */
export function emulated(what: string, size: number, params: (size: number) => object): Dimension {
  return {
    what,
    size,
    prepare: (size) => {
      const body = JSON.stringify({ ...PARAMS, ...params(size) });
      const headers = {
        authorization: 'Bearer key',
        'anthropic-version': '2026-10-21',
        'content-type': 'application/json',
      };
      return async () => {
        // Sizes at which no model's context ends the work early.
        const modelFacts = [{ id: PARAMS.model, maxInputTokens: Infinity }];
        const { fetch } = createEmulator({ replies: [reply.text('a')], modelFacts });
        const response = await fetch('http://emulator/v1/messages', {
          method: 'POST',
          headers,
          body,
        });
        if (response.status !== 200) throw new Error(await response.text());
        await response.text();
      };
    },
  };
}

export const restart = (index: number): Event => ({ type: 'millrace.restart', index });

/** For dimensions that are not in the body. */
export let current = 0;
export function setSize(size: number): void {
  current = size;
}
