import { eventError, excerpt } from '../error-body.js';
import {
  AnthropicError,
  APIError,
  asAnthropicError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../errors.js';
import { isRecord } from '../json/is-record.js';
import { parseJson } from '../json/parse-json.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import { retryDelay } from '../retry-policy.js';
import { saidError } from '../said-error.js';
import type { Reading } from '../stream/reading.js';
import { sendJson } from '../stream/send-json.js';
import type { EventSource, Next, SourceOwner } from '../stream/source.js';
import type { Attempt } from '../transport/body-text.js';
import { sleep } from '../transport/clock.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead, TransportResponse } from '../transport/port.js';
import { RetryingRequest } from '../transport/retrying-request.js';
import { sizeLimits } from '../transport/size-limits.js';
import type { MessageBatch } from '../wire/batches.js';
import { type Line, linesOf } from './json-lines.js';
import type { TracedCall } from './made-call.js';

/** A result as an event, which crosses to another thread as events do. */
export interface ResultEvent {
  type: 'batch_result';
  result: unknown;
}

interface Opened {
  response: TransportResponse;
  attempt: Attempt;
}

/**
 * The results of a batch, each once. How many there must be is what the batch says, so a body that ends
 * early is found out, wherever that is. Then they are requested again: as many times as a request is retried,
 * counted from the last result that was new.
 */
export class BatchResultsSource implements EventSource {
  readonly #settings: ResolvedOptions;
  readonly #batch: ApiRequest;
  readonly #reading: Reading;
  readonly #options: RequestOptions;
  readonly #owner: Partial<SourceOwner>;
  readonly #abort = new AbortController();
  #request: RetryingRequest | undefined;
  #waited = 0;
  #opening: Promise<Opened> | undefined;
  #opened: ((wake: Wake) => Poll<Opened>) | undefined;
  #results: AsyncGenerator<ResultEvent, undefined, undefined> | undefined;
  #next: ((wake: Wake) => Poll<IteratorResult<ResultEvent, undefined>>) | undefined;
  /** How many results there must be; undefined where the batch doesn't say. */
  #total: number | undefined;

  /** @param call the request for the batch. */
  constructor(
    { settings, call, reading }: Pick<TracedCall, 'settings' | 'call' | 'reading'>,
    options: RequestOptions,
    owner: Partial<SourceOwner> = {},
  ) {
    this.#settings = settings;
    this.#batch = call;
    this.#reading = reading;
    this.#options = options;
    this.#owner = owner;
  }

  connect(wake: Wake): Poll<ResponseHead> {
    this.#opening ??= this.#open();
    this.#opened ??= toPoll(this.#opening);
    const opened = this.#opened(wake);
    return opened === PENDING ? PENDING : opened.response.head;
  }

  next(wake: Wake): Poll<Next> {
    this.#results ??= this.#read();
    this.#next ??= toPoll(this.#results.next());
    const next = this.#next(wake);
    if (next === PENDING) return PENDING;
    this.#next = undefined;
    return next.value as Next;
  }

  cancel(reason: AnthropicError): void {
    this.#abort.abort(reason);
    this.#request?.cancel(reason);
  }

  async #open(): Promise<Opened> {
    const { signal } = this.#abort;
    const options = { ...this.#options, signal };
    try {
      const { data } = await sendJson<MessageBatch>(
        this.#settings,
        this.#batch,
        options,
        this.#reading,
      );
      this.#total = countOf(data);
      return await this.#connect(false);
    } catch (error) {
      // The reason is an error already, with a cause of its own.
      signal.throwIfAborted();
      throw error;
    }
  }

  /** Requests the results. */
  #connect(isFresh: boolean): Promise<Opened> {
    this.#abort.signal.throwIfAborted();
    const { path, headers } = this.#batch;
    const call: ApiRequest = {
      method: 'GET',
      path: `${path}/results`,
      headers: { accept: 'application/binary', ...headers },
      stream: false,
    };
    const request = new RetryingRequest(this.#settings, call, this.#options, this.#waited, isFresh);
    this.#request = request;
    return request.run(async (response, attempt) => {
      this.#owner.onHead?.(response.head);
      return { response, attempt };
    });
  }

  async *#read(): AsyncGenerator<ResultEvent, undefined, undefined> {
    this.#opening ??= this.#open();
    let opened = await this.#opening;
    const seen = new Set<string>();
    for (let failures = 0; ; ) {
      try {
        for await (const [id, result] of this.#resultsIn(opened)) {
          if (seen.has(id)) continue;
          seen.add(id);
          failures = 0;
          yield { type: 'batch_result', result };
        }
        if (seen.size >= (this.#total ?? 0)) return undefined;
        throw cutOff(`after ${seen.size} of ${this.#total}`);
      } catch (thrown) {
        await this.#pause(asAnthropicError(thrown), failures++);
        opened = await this.#connect(true);
      }
    }
  }

  async *#resultsIn({
    response,
    attempt,
  }: Opened): AsyncGenerator<[id: string, result: unknown], void, undefined> {
    const limits = sizeLimits(this.#options, this.#settings);
    for await (const line of linesOf(response.body, attempt, limits)) {
      const result = parsed(line);
      if (isRecord(result) && typeof result.custom_id === 'string')
        yield [result.custom_id, result];
      else if (saidError(result) !== undefined) {
        throw eventError(result, response.head.headers(), response.head.status);
      } else throw new StreamProtocolError(`a line of the results is none: ${excerpt(result)}`);
    }
  }

  /** Waits before another try. @throws the error, where there is none. */
  async #pause(error: AnthropicError, failures: number): Promise<void> {
    const { clock, report, maxRetries } = this.#settings;
    this.#abort.signal.throwIfAborted();
    if (!error.retryable || failures >= (this.#options.maxRetries ?? maxRetries)) throw error;
    const headers = error instanceof APIError ? error.headers : undefined;
    const delay = retryDelay(headers, failures, Math.random(), Date.now());
    report?.({ type: 'retry', attempt: failures + 1, delay, error });
    await sleep(delay, clock, this.#abort.signal);
    this.#waited = (this.#request?.waited ?? 0) + delay;
  }
}

/** What a reader of results gets for an event. */
export function resultIn<T>(event: Poll<Next>): Poll<T | undefined> {
  return event === PENDING ? PENDING : ((event as ResultEvent | undefined)?.result as T);
}

function cutOff(where: string): StreamTruncatedError {
  return new StreamTruncatedError(`the results of the batch were cut off ${where}`);
}

/** @throws StreamTruncatedError for half a line at the end; StreamProtocolError for what is no JSON. */
function parsed({ text, isLast }: Line): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (isLast) throw cutOff('in the middle of a line');
    throw new StreamProtocolError(`a line of the results is not JSON: ${excerpt(text)}`, { cause });
  }
}

/** How many results a batch has. @throws AnthropicError where there are none yet, or no longer. */
function countOf(batch: MessageBatch): number | undefined {
  const { id, processing_status: status, archived_at, request_counts: counts } = batch;
  if (archived_at) {
    throw new AnthropicError(
      `the results of ${id} are gone: the batch was archived at ${archived_at}`,
    );
  }
  if (status !== undefined && status !== 'ended') {
    throw new AnthropicError(
      `there are no results of ${id} yet, it is ${status}: call batches.retrieve(id) until processing_status is 'ended'`,
    );
  }
  if (!isRecord(counts)) return undefined;
  const { succeeded = 0, errored = 0, canceled = 0, expired = 0 } = counts;
  return succeeded + errored + canceled + expired;
}
