import type { MessageBatch } from '../../wire/batches.js';
import { type Answer, toErrorAnswer, toJsonAnswer } from '../model/answer.js';
import { toEmulatedError } from '../model/error.js';
import type { EmulatorRequest } from '../model/request.js';
import { toTextStep } from '../model/step.js';
import type { Clock } from '../time/clock.js';
import { answerPage } from './page.js';
import {
  type BatchedRequest,
  type BatchResult,
  type BatchSetup,
  processBatch,
  type ResultType,
} from './process-batch.js';

/** What an answer about batches needs to know of its request. */
interface Asked {
  readonly requestId: string;
  readonly query: URLSearchParams;
  /** Of the server, for the address of the results. */
  readonly origin: string;
}

interface Stored {
  readonly id: string;
  readonly number: number;
  readonly created: EmulatorRequest;
  readonly requests: readonly BatchedRequest[];
  /** When it ends, by the clock. */
  readonly end: number;
  canceled?: number;
  results?: Promise<readonly BatchResult[]>;
}

const DAY = 86_400_000;

/** When batches end, and what they are called. */
interface BatchOptions {
  readonly clock: Clock;
  /** How long a batch takes, in milliseconds. */
  readonly batchTime: number;
  readonly toId: (number: number) => string;
}

/** The batches of an emulator. */
export class Batches {
  readonly #options: BatchOptions;
  readonly #setup: BatchSetup;
  /** The newest first. */
  readonly #batches: Stored[] = [];
  #count = 0;

  constructor(options: BatchOptions, setup: BatchSetup) {
    this.#options = options;
    this.#setup = setup;
  }

  /** Answers a request whose path begins with `/v1/messages/batches`. */
  answer(request: EmulatorRequest, asked: Asked): Answer | Promise<Answer> {
    const [id, action = ''] = request.path.split('/').slice(4);
    if (id === undefined) {
      return request.method === 'POST' ? this.#create(request, asked) : this.#list(asked);
    }
    const batch = this.#batches.find((one) => one.id === id);
    const method = this.#methods[`${request.method} ${action}`.trim()];
    if (batch !== undefined && method !== undefined) return method(batch, asked);
    const problem = `Not found: ${request.method} ${request.path}`;
    return toErrorAnswer(toEmulatedError('not_found_error', problem), asked.requestId);
  }

  readonly #methods: Readonly<
    Record<string, (batch: Stored, asked: Asked) => Answer | Promise<Answer>>
  > = {
    GET: async (batch, { requestId, origin }) =>
      toJsonAnswer(toBatch(batch, await this.#results(batch), origin), requestId),
    'GET results': async (batch, { requestId }) => {
      const results = await this.#results(batch);
      return results === undefined
        ? refuse(`${batch.id} has no results before it has ended`, requestId)
        : toResultsAnswer(results, requestId);
    },
    'POST cancel': (batch, { requestId, origin }) => {
      if (this.#hasEnded(batch)) return refuse(`${batch.id} has ended already`, requestId);
      batch.canceled ??= this.#options.clock.now();
      return toJsonAnswer(toBatch(batch, undefined, origin), requestId);
    },
    DELETE: (batch, { requestId }) => {
      if (!this.#hasEnded(batch)) {
        return refuse(`${batch.id} is in progress: cancel it first`, requestId);
      }
      this.#batches.splice(this.#batches.indexOf(batch), 1);
      return toJsonAnswer({ id: batch.id, type: 'message_batch_deleted' }, requestId);
    },
  };

  #create(request: EmulatorRequest, { requestId, origin }: Asked): Answer {
    const { clock, batchTime, toId } = this.#options;
    const number = ++this.#count;
    const { requests } = request.body as unknown as Pick<Stored, 'requests'>;
    const end = clock.now() + Math.min(batchTime, DAY);
    const batch: Stored = { id: toId(number), number, created: request, requests, end };
    this.#batches.unshift(batch);
    // As in the API, it is in progress now, however fast it is.
    return toJsonAnswer(toBatch(batch, undefined, origin), requestId);
  }

  async #list({ query, requestId, origin }: Asked): Promise<Answer> {
    const results = new Map<Stored, readonly BatchResult[] | undefined>();
    for (const batch of this.#batches) results.set(batch, await this.#results(batch));
    const toBody = (one: Stored): object => toBatch(one, results.get(one), origin);
    return answerPage(this.#batches, toBody, query, requestId);
  }

  #hasEnded({ end, canceled = Number.POSITIVE_INFINITY }: Stored): boolean {
    return this.#options.clock.now() >= Math.min(end, canceled);
  }

  /** Undefined before the batch has ended. */
  #results(batch: Stored): Promise<readonly BatchResult[]> | undefined {
    if (this.#hasEnded(batch)) batch.results ??= this.#process(batch);
    return batch.results;
  }

  async #process({ requests, created, canceled }: Stored): Promise<readonly BatchResult[]> {
    if (canceled !== undefined) return withoutMessage(requests, 'canceled');
    if (this.#options.batchTime > DAY) return withoutMessage(requests, 'expired');
    return processBatch(requests, created, this.#setup);
  }
}

function withoutMessage(requests: readonly BatchedRequest[], type: ResultType): BatchResult[] {
  return requests.map(({ custom_id }) => ({ custom_id, result: { type } }));
}

function refuse(problem: string, requestId: string): Answer {
  return toErrorAnswer(toEmulatedError('invalid_request_error', problem), requestId);
}

/** The same in each run: batches are created a minute apart. */
const FIRST = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

function toBatch(
  { id, number, requests, canceled }: Stored,
  results: readonly BatchResult[] | undefined,
  origin: string,
): MessageBatch {
  const created = FIRST + number * MINUTE;
  const toTime = (ms: number): string => new Date(ms).toISOString();
  const count = (type: ResultType): number =>
    (results ?? []).filter(({ result }) => result.type === type).length;
  const isCanceled = canceled !== undefined;
  return {
    id,
    type: 'message_batch',
    processing_status: results !== undefined ? 'ended' : isCanceled ? 'canceling' : 'in_progress',
    request_counts: {
      processing: results === undefined ? requests.length : 0,
      succeeded: count('succeeded'),
      errored: count('errored'),
      canceled: count('canceled'),
      expired: count('expired'),
    },
    created_at: toTime(created),
    expires_at: toTime(created + DAY),
    ended_at: results === undefined ? null : toTime(created + MINUTE),
    cancel_initiated_at: isCanceled ? toTime(created) : null,
    archived_at: null,
    results_url: results === undefined ? null : `${origin}/v1/messages/batches/${id}/results`,
  };
}

function toResultsAnswer(results: readonly BatchResult[], requestId: string): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-jsonl', 'request-id': requestId },
    steps: results.map((result) => toTextStep(`${JSON.stringify(result)}\n`)),
  };
}
