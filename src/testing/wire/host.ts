import { type EmulatorRequest, type Received, receive } from '../model/request.js';
import type { Answer } from '../script/answer-reply.js';
import { type Clock, sleep } from '../time/clock.js';
import { unlessAborted } from '../time/unless-aborted.js';
import type { Exchange } from './exchange.js';
import { connectionFailure, toResponse } from './to-response.js';

/** What answers requests: over a fetch of its own, or over a socket where `serve` plays it. */
export interface Host {
  /**
   * A `fetch` whose every request is answered here, whatever its host: for
   * `new Anthropic({ fetch: emulator.fetch, apiKey: 'test' })`. It opens no socket.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** All requests so far, in the order they came, those that were refused included. */
  readonly requests: readonly EmulatorRequest[];
  /**
   * Resolves with the next request that no earlier call was given; at once where one came already.
   */
  waitForRequest(): Promise<EmulatorRequest>;
  /** For servers: the answer to a request, to be played as its steps say.
   * @param signal aborts where the client leaves. */
  handle(request: Request, signal?: AbortSignal): Promise<Exchange>;
}

/** @param respond is asked for each request, numbered from 1. */
export function createHost(
  respond: (received: Received, number: number, sent: Request) => Promise<Answer>,
  clock: Clock,
): Host {
  const requests: EmulatorRequest[] = [];
  const waiting: ((request: EmulatorRequest) => void)[] = [];
  let count = 0;
  let given = 0;

  const handle: Host['handle'] = async (sent, signal) => {
    const number = ++count;
    const received = await receive(sent, clock);
    const { request, settle } = received;
    requests.push(request);
    onLeave(request, settle, signal);
    waiting.shift()?.(request);
    const answer = await respond(received, number, sent);
    if (answer.failure === undefined) received.answered(answer.status);
    return { answer, clock, settle };
  };

  const fetch: Host['fetch'] = async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    // The signal is ours to watch; a Request would follow it with listeners of its own.
    const sent = new Request(input, { ...init, signal: null });
    const exchange = await unlessAborted(headOf(handle(sent, signal), signal), signal);
    signal?.throwIfAborted();
    return toResponse(exchange, signal);
  };

  return {
    fetch,
    requests,
    handle,
    waitForRequest: () => {
      const there = requests[given];
      given++;
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** Notices a client that leaves at any time, until its request has ended. */
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

/** Waits until the headers are there, or fails as the connection does. */
async function headOf(
  pending: Promise<Exchange>,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  const exchange = await pending;
  const { delay, failure } = exchange.answer;
  if (delay !== undefined) await sleep(exchange.clock, delay, signal);
  if (failure === undefined) return exchange;
  if (failure === 'silent') return new Promise(() => {});
  exchange.settle('broken');
  throw connectionFailure('fetch failed', failure === 'refused' ? 'ECONNREFUSED' : 'ECONNRESET');
}
