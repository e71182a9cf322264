import { Stream as CoreStream } from 'millrace';
import { convertingIterator } from './convert-error.js';
import { AnthropicError, APIConnectionError, APIError, APIUserAbortError } from './error.js';
import { fromLines, toLines } from './json-lines.js';

/** A server-sent event, undecoded. */
export interface ServerSentEvent {
  event: string | null;
  data: string;
}

/**
 * The events of a response, for one reader. It ends complete or throws; `controller.abort()` makes its
 * reader throw APIUserAbortError.
 */
export class Stream<Item> implements AsyncIterable<Item> {
  readonly #open: () => AsyncIterator<Item>;
  controller: AbortController;

  constructor(iterator: () => AsyncIterator<Item>, controller: AbortController) {
    this.#open = iterator;
    this.controller = controller;
  }

  /** The server-sent events of a response, before anything is parsed. */
  static async *rawEvents(response: Response): AsyncGenerator<ServerSentEvent, void, unknown> {
    const events = convertingIterator(CoreStream.rawEvents(response));
    for await (const { event, data } of events) yield { event: event || null, data };
  }

  /** The events of a response of the API. A message that ends without `message_stop` is an error. */
  static fromSSEResponse<Item>(response: Response, controller: AbortController): Stream<Item> {
    return eventsOf<Item>(response, controller);
  }

  /** What `toReadableStream()` made: one JSON value a line. */
  static fromReadableStream<Item>(
    stream: ReadableStream,
    controller: AbortController,
  ): Stream<Item> {
    return once(() => fromLines<Item>(stream, controller.signal), controller);
  }

  [Symbol.asyncIterator](): AsyncIterator<Item> {
    return this.#open();
  }

  /** Two streams of the same events, which are read independently. */
  tee(): [Stream<Item>, Stream<Item>] {
    const queues: Promise<IteratorResult<Item>>[][] = [[], []];
    const source = this.#open();
    const half = (own: Promise<IteratorResult<Item>>[]): (() => AsyncIterator<Item>) => {
      const next = (): Promise<IteratorResult<Item>> => {
        if (own.length === 0) {
          const result = source.next();
          for (const queue of queues) queue.push(result);
        }
        return own.shift() as Promise<IteratorResult<Item>>;
      };
      return () => ({ next });
    };
    const [left, right] = queues.map((queue) => new Stream(half(queue), this.controller));
    return [left, right] as [Stream<Item>, Stream<Item>];
  }

  /** One line of JSON an event; `Stream.fromReadableStream()` reads it. */
  toReadableStream(): ReadableStream {
    return toLines(this[Symbol.asyncIterator]());
  }
}

/** The events of a response; the official SDK's own helpers import it by this name. */
export function _iterSSEMessages(
  response: Response,
  _controller?: AbortController,
): AsyncGenerator<ServerSentEvent, void, unknown> {
  return Stream.rawEvents(response);
}

/** A stream that is read once: a second reader would silently get the rest. */
export function once<Item>(
  open: () => AsyncIterator<Item>,
  controller: AbortController,
): Stream<Item> {
  let isRead = false;
  return new Stream<Item>(() => {
    if (isRead) {
      throw new AnthropicError(
        'Cannot iterate over a consumed stream, use `.tee()` to split the stream.',
      );
    }
    isRead = true;
    return open();
  }, controller);
}

/** The events of a response, which the signal of its request ends too. */
export function eventsOf<Item>(
  response: Response,
  controller: AbortController,
  signal?: AbortSignal | null,
): Stream<Item> {
  const signals = [controller.signal, signal].filter((each) => each != null);
  return once((): AsyncIterator<Item> => messageEvents<Item>(response, signals), controller);
}

async function* messageEvents<Item>(
  response: Response,
  signals: readonly AbortSignal[],
): AsyncGenerator<Item, void, undefined> {
  const isAborted = (): boolean => signals.some(({ aborted }) => aborted);
  try {
    yield* uncutEvents<Item>(response, isAborted);
  } catch (error) {
    throw isAborted() ? new APIUserAbortError() : error;
  }
}

async function* uncutEvents<Item>(
  response: Response,
  isAborted: () => boolean,
): AsyncGenerator<Item, void, undefined> {
  let begun: string | undefined;
  for await (const { event, data } of convertingIterator(CoreStream.rawEvents(response))) {
    if (isAborted()) throw new APIUserAbortError();
    const item = parse(data);
    if (event === 'ping' || item.type === 'ping') continue;
    if (event === 'error' || item.type === 'error') {
      throw new APIError(undefined, item, undefined, response.headers);
    }
    begun = item.type === 'message_stop' ? undefined : (begun ?? item.type);
    yield item as Item;
  }
  if (begun === 'message_start') {
    throw new APIConnectionError({ message: 'the response ended before the message did' });
  }
}

function parse(data: string): { type?: string } {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw Object.assign(new AnthropicError(`Could not parse message into JSON: ${data}`), {
      cause,
    });
  }
}
