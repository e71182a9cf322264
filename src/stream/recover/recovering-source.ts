import { AnthropicError, BadRequestError } from '../../errors.js';
import type { LooseEvent, LooseMessage } from '../../message/loose.js';
import type { ResponseHead } from '../../transport/port.js';
import type { EventSource, MaybePromise, SourceOwner } from '../source.js';
import { type Continuation, continuationOf, continuedParams } from './continuation.js';
import type { RecoverOptions, RecoveryMode } from './options.js';
import { mayPrefill } from './prefill.js';
import { Seam } from './seam.js';
import { Splice } from './splice.js';

/** Opens a request for a message. */
export type Open = (params: Readonly<Record<string, unknown>>, mode?: RecoveryMode) => EventSource;

const DEFAULT_ATTEMPTS = 2;

/**
 * A source that mends its breaks: it asks for the rest of the message and joins it to what came
 * before. Where that cannot be done, the error that broke the stream comes, unchanged.
 */
export class RecoveringSource implements EventSource {
  readonly #params: Readonly<Record<string, unknown>>;
  readonly #open: Open;
  readonly #owner: SourceOwner;
  readonly #mode: RecoveryMode | 'auto';
  readonly #attempts: number;
  #source: EventSource;
  #splice: Splice | undefined;
  #ready: LooseEvent[] = [];
  #broken: { error: unknown } | undefined;
  #recoveries = 0;
  #isDone = false;
  #isPrefillRefused = false;
  #cancelled: AnthropicError | undefined;

  constructor(
    params: Readonly<Record<string, unknown>>,
    open: Open,
    { attempts = DEFAULT_ATTEMPTS, mode = 'auto' }: RecoverOptions,
    owner: SourceOwner,
  ) {
    this.#params = params;
    this.#open = open;
    this.#owner = owner;
    this.#mode = mode;
    this.#attempts = attempts;
    this.#source = open(params);
  }

  connect(): Promise<ResponseHead> {
    return this.#source.connect();
  }

  cancel(reason: AnthropicError): void {
    this.#cancelled = reason;
    this.#source.cancel(reason);
  }

  next(): MaybePromise<LooseEvent | undefined> {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready !== undefined || this.#isDone) return ready;
      if (this.#broken !== undefined) return this.#recover(this.#broken.error);
      try {
        const event = this.#source.next();
        if (event instanceof Promise) return event.then(this.#settled, this.#failed);
        this.#take(event);
      } catch (error) {
        this.#break(error);
      }
    }
  }

  readonly #settled = (event: LooseEvent | undefined): MaybePromise<LooseEvent | undefined> => {
    try {
      this.#take(event);
    } catch (error) {
      this.#break(error);
    }
    return this.next();
  };

  readonly #failed = (error: unknown): MaybePromise<LooseEvent | undefined> => {
    this.#break(error);
    return this.next();
  };

  #take(event: LooseEvent | undefined): void {
    if (event === undefined) this.#isDone = true;
    else if (this.#splice === undefined) this.#ready.push(event);
    else this.#ready.push(...this.#splice.map(event));
  }

  #break(error: unknown): void {
    this.#broken = { error };
    this.#ready.push(...(this.#splice?.flush() ?? []));
  }

  async #recover(error: unknown): Promise<LooseEvent | undefined> {
    const partial = this.#owner.partial();
    if (partial === undefined || !(error instanceof AnthropicError && error.retryable)) throw error;
    const { message, open } = partial;
    if (open === undefined && typeof message.stop_reason === 'string') {
      // All of it came but the word that it is all.
      this.#isDone = true;
      return undefined;
    }
    const continuation = this.#continuation(partial);
    if (continuation === undefined) throw error;
    while (this.#recoveries < this.#attempts) {
      this.#recoveries++;
      if (await this.#ask(message, continuation, error)) return this.next();
    }
    throw this.#cancelled ?? error;
  }

  #continuation({ message: { content }, open }: Partial): Continuation | undefined {
    if (content.length === 0) return undefined;
    const continuation = continuationOf({ content, open });
    // The rest of a document that must fit a schema does not fit it by itself.
    const isWhole = continuation?.keep === 0;
    return isWhole || !hasFormat(this.#params) ? continuation : undefined;
  }

  /** Asks for the rest. @returns false where it did not come, and another try may help. */
  async #ask(
    message: LooseMessage,
    continuation: Continuation,
    error: AnthropicError,
  ): Promise<boolean> {
    const kept = message.content.slice(0, continuation.keep);
    const mode = this.#mode === 'auto' ? this.#likelyMode() : this.#mode;
    const { params, whitespace } = continuedParams(this.#params, kept, mode);
    this.#owner.onRecover({ attempt: this.#recoveries, mode, error });
    this.#source = this.#open(params, mode);
    let first: LooseEvent | undefined;
    try {
      first = await this.#source.next();
    } catch (failure) {
      if (this.#cancelled !== undefined) throw this.#cancelled;
      if (failure instanceof BadRequestError && mode === 'prefill' && this.#mode === 'auto') {
        this.#isPrefillRefused = true;
        return this.#ask(message, continuation, error);
      }
      if (failure instanceof AnthropicError && failure.retryable) return false;
      throw error;
    }
    if (continuation.keep < message.content.length) this.#owner.discard(continuation.keep);
    const before = kept.at(-1)?.text;
    const seam = new Seam(
      typeof before === 'string' ? before : '',
      whitespace,
      mode === 'instruct',
    );
    this.#splice = new Splice(continuation, seam, message.usage);
    this.#broken = undefined;
    this.#ready.push(...(first === undefined ? [] : this.#splice.map(first)));
    return true;
  }

  #likelyMode(): RecoveryMode {
    return !this.#isPrefillRefused && mayPrefill(String(this.#params.model))
      ? 'prefill'
      : 'instruct';
  }
}

type Partial = NonNullable<ReturnType<SourceOwner['partial']>>;

function hasFormat(params: Readonly<Record<string, unknown>>): boolean {
  const { format } = (params.output_config ?? {}) as { format?: unknown };
  return format !== undefined && format !== null;
}
