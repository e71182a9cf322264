import { AnthropicError, APITimeoutError, BadRequestError } from '../../errors.js';
import { mayPrefill } from '../../message/may-prefill.js';
import { textOf } from '../../message/text-of.js';
import type { UntypedEvent } from '../../message/untyped.js';
import { Queue } from '../../pull/backlog.js';
import { PENDING, type Poll, toPoll, toPromise, type Wake } from '../../pull/poll.js';
import type { ResponseHead } from '../../transport/port.js';
import { restartEvent } from '../restart.js';
import type { EventSource, Next, SourceOwner } from '../source.js';
import { type Continuation, getContinuation } from './continuation.js';
import { ContinuationMapper } from './continuation-mapper.js';
import type { RecoverSettings, RecoveryMode } from './options.js';
import { OverlapTrimmer } from './overlap-trimmer.js';
import { type Params, type RestRequest, restRequest } from './rest-request.js';

/** Where a recovering source gets its requests. */
export interface Requests {
  /** The one for the message. */
  first: EventSource;
  /** Its params. */
  params: () => Params;
  /** Opens one for a rest. */
  open: (rest: RestRequest) => EventSource;
}

/** What the owner knows of a message that broke. */
type Partial = NonNullable<ReturnType<SourceOwner['partial']>>;

/**
 * A source that recovers from breaks: it requests the rest of the message and joins it to what arrived
 * before. Where that can't be done, the error that broke the stream is thrown, unchanged.
 */
export class RecoveringSource implements EventSource {
  readonly #requests: Requests;
  readonly #options: RecoverSettings;
  readonly #owner: SourceOwner;
  #source: EventSource;
  #mapper: ContinuationMapper | undefined;
  readonly #ready = new Queue<UntypedEvent>();
  /** The stream broke, and the rest is requested once the owner has what came before the break. */
  #broken: { error: unknown } | undefined;
  #recovering: ((wake: Wake) => Poll<void>) | undefined;
  #recoveries = 0;
  #isDone = false;
  #isPrefillRefused = false;
  #cancelled: AnthropicError | undefined;

  constructor(requests: Requests, options: RecoverSettings, owner: SourceOwner) {
    this.#requests = requests;
    this.#options = options;
    this.#owner = owner;
    this.#source = requests.first;
  }

  connect(wake: Wake): Poll<ResponseHead> {
    return this.#source.connect(wake);
  }

  cancel(reason: AnthropicError): void {
    this.#cancelled = reason;
    this.#source.cancel(reason);
  }

  next(wake: Wake): Poll<Next> {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready !== undefined || this.#isDone) return ready;
      if (this.#broken !== undefined) {
        this.#recovering ??= toPoll(this.#recover(this.#broken.error));
        if (this.#recovering(wake) === PENDING) return PENDING;
        this.#recovering = undefined;
        continue;
      }
      try {
        const event = this.#source.next(wake);
        if (event === PENDING) return PENDING;
        this.#take(event);
      } catch (error) {
        for (const event of this.#mapper?.broke() ?? []) this.#ready.push(event);
        this.#broken = { error };
      }
    }
  }

  #take(event: Next): void {
    if (event === undefined) this.#isDone = true;
    else if (this.#mapper === undefined) this.#ready.push(event);
    else for (const mapped of this.#mapper.map(event)) this.#ready.push(mapped);
  }

  async #recover(error: unknown): Promise<void> {
    const partial = this.#owner.partial();
    if (partial === undefined || !(error instanceof AnthropicError && error.retryable)) throw error;
    // An end of the stream would cancel its source; this one is only left behind.
    this.#source.cancel(error);
    if (isAllThere(partial)) {
      this.#ready.push({ type: 'message_stop' });
      this.#isDone = true;
      return;
    }
    const continuation = this.#continuation(partial);
    if (continuation === undefined) throw error;
    while (this.#recoveries < this.#options.attempts) {
      this.#recoveries++;
      if (await this.#requestRest(partial, continuation, error)) return;
    }
    throw error;
  }

  #continuation({ message: { content }, open }: Partial): Continuation | undefined {
    if (content.length === 0) return undefined;
    const continuation = getContinuation({ content, open });
    // The rest of a document that must fit a schema doesn't fit it by itself.
    return continuation?.keep === 0 || !hasFormat(this.#requests.params())
      ? continuation
      : undefined;
  }

  /** Requests the rest. @returns false where it did not arrive, and another try may help. */
  async #requestRest(
    partial: Partial,
    continuation: Continuation,
    error: AnthropicError,
  ): Promise<boolean> {
    const kept = partial.message.content.slice(0, continuation.keep);
    const rest = restRequest(this.#requests.params(), kept, this.#mode());
    this.#owner.onRecover({ attempt: this.#recoveries, mode: rest.kind, error });
    this.#throwIfCancelled();
    this.#source = this.#requests.open(rest);
    let first: UntypedEvent | undefined;
    try {
      const source = this.#source;
      first = await toPromise<Next>((wake) => source.next(wake));
    } catch (failure) {
      if (this.#isRefusal(failure, rest)) {
        this.#isPrefillRefused = true;
        return this.#requestRest(partial, continuation, error);
      }
      if (failure instanceof AnthropicError && failure.retryable) return false;
      // Where the total timeout expired, or the stream was closed, that error counts.
      throw isOfStream(failure) || this.#cancelled !== undefined ? failure : error;
    }
    this.#throwIfCancelled();
    if (continuation.keep < partial.message.content.length) {
      this.#ready.push(restartEvent(continuation.keep));
    }
    const trimmer = new OverlapTrimmer({
      before: textOf({ content: kept.slice(-1) }),
      whitespace: rest.whitespace,
      mayOverlap: rest.kind === 'instruct',
    });
    // What an earlier rest held back at its seam is dropped: this one contains it.
    this.#mapper = new ContinuationMapper(
      continuation,
      trimmer,
      this.#mapper?.usage ?? partial.message.usage,
    );
    this.#broken = undefined;
    this.#take(first);
    return true;
  }

  #mode(): RecoveryMode {
    const { mode } = this.#options;
    if (mode !== 'auto') return mode;
    const { model } = this.#requests.params();
    return !this.#isPrefillRefused && mayPrefill(String(model)) ? 'prefill' : 'instruct';
  }

  #isRefusal(failure: unknown, { kind }: RestRequest): boolean {
    return (
      failure instanceof BadRequestError && kind === 'prefill' && this.#options.mode === 'auto'
    );
  }

  #throwIfCancelled(): void {
    if (this.#cancelled !== undefined) throw this.#cancelled;
  }
}

/** Everything arrived except the last event. */
function isAllThere({ message, open }: Partial): boolean {
  return open === undefined && typeof message.stop_reason === 'string';
}

function isOfStream(failure: unknown): boolean {
  return failure instanceof APITimeoutError && failure.phase === 'total';
}

function hasFormat({ output_config }: Params): boolean {
  const { format } = (output_config ?? {}) as { format?: unknown };
  return format !== undefined && format !== null;
}
