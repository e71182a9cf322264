import { type Answer, toErrorAnswer } from '../model/answer.js';
import { toEmulatedError } from '../model/error.js';
import type { EmulatorRequest } from '../model/request.js';
import { type Clock, sleep, systemClock, unlessAborted } from '../time/clock.js';
import { type Exchange, type ReceivedRequest, receive } from './exchange.js';
import { toConnectionError, toResponse } from './to-response.js';

/** Answers requests: through its own fetch, or over a socket with `serve`. */
export interface Host {
  /**
   * A `fetch` that answers every request here, to any host: for
   * `new Anthropic({ fetch: emulator.fetch, apiKey: 'test' })`. It opens no socket.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** All requests so far, in the order they arrived, including rejected ones. Empty with `keepRequests: false`. */
  readonly requests: readonly EmulatorRequest[];
  /**
   * Resolves with the next request that no earlier call returned, immediately if it has arrived.
   */
  waitForRequest(): Promise<EmulatorRequest>;
  /**
   * For servers: the answer to a request, to be sent step by step.
   * @param signal aborts when the client leaves.
   */
  handle(request: Request, signal?: AbortSignal): Promise<Exchange>;
}

/** What all hosts have as options. */
export interface HostOptions {
  /** The clock: `manualClock()` for one that stands still. Default: real time. */
  clock?: Clock | undefined;
  /**
   * Keeps every request, with its body, in `requests`. Default true. `false` is for servers that run for long:
   * `waitForRequest` then resolves with a request that arrives while it waits.
   */
  keepRequests?: boolean | undefined;
}

/**
 * A host. A request whose body is larger than the API accepts gets a 413.
 * @param respond is called for each other request, numbered from 1.
 */
export function createHost(
  respond: (received: ReceivedRequest, number: number, sent: Request) => Promise<Answer>,
  { clock = systemClock, keepRequests = true }: HostOptions = {},
): Host {
  const requests: EmulatorRequest[] = [];
  const waiting: ((request: EmulatorRequest) => void)[] = [];
  let count = 0;
  let returned = 0;

  const handle: Host['handle'] = async (sent, signal) => {
    const number = ++count;
    const received = await receive(sent, clock);
    const { request, settle } = received;
    if (keepRequests) requests.push(request);
    onLeave(request, settle, signal);
    waiting.shift()?.(request);
    const answer = received.isTooLarge
      ? toErrorAnswer(toEmulatedError('request_too_large'), `req_${number}`)
      : await respond(received, number, sent);
    if (answer.failure === undefined) received.setStatus(answer.status);
    return { request, answer, clock, settle };
  };

  const fetch: Host['fetch'] = async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    // The emulator watches the signal itself: a Request would add listeners to it.
    const sent = new Request(input, { ...init, signal: null });
    const exchange = await unlessAborted(waitForHead(handle(sent, signal), signal), signal);
    signal?.throwIfAborted();
    return toResponse(exchange, signal);
  };

  return {
    fetch,
    requests,
    handle,
    waitForRequest: () => {
      const request = requests[returned];
      if (keepRequests) returned++;
      if (request !== undefined) return Promise.resolve(request);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** Settles when the client leaves before the end. */
function onLeave(
  { ended }: EmulatorRequest,
  settle: Exchange['settle'],
  signal: AbortSignal | undefined,
): void {
  if (signal === undefined) return;
  const leave = (): void => settle('left');
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  void ended.then(() => signal.removeEventListener('abort', leave));
}

/** Waits for the headers, or fails as the connection does. */
async function waitForHead(
  pending: Promise<Exchange>,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  const exchange = await pending;
  const { delay, failure } = exchange.answer;
  if (delay !== undefined) await sleep(exchange.clock, delay, signal);
  if (failure === undefined) return exchange;
  if (failure === 'silent' || failure === 'silence') return new Promise(() => {});
  exchange.settle('broken');
  throw toConnectionError('fetch failed', failure === 'refused' ? 'ECONNREFUSED' : 'ECONNRESET');
}
