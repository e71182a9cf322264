import { AnthropicError } from '../errors.js';
import type { UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { PENDING, type Poll, type Wake } from '../pull/poll.js';
import type { StreamTrace } from '../trace/stream-trace.js';
import type { ResponseHead } from '../transport/port.js';
import { restartIndex } from './restart.js';
import type { EventSource, Next } from './source.js';

const dropped =
  typeof FinalizationRegistry === 'function'
    ? /* @__PURE__ */ new FinalizationRegistry<StreamTrace>((trace) => trace.dropped())
    : undefined;

/**
 * A source, with its events and its end told to a trace; without a trace the source itself.
 */
export function traceSource(trace: StreamTrace | undefined, source: EventSource): EventSource {
  return trace === undefined ? source : new TracedSource(source, trace);
}

class TracedSource implements EventSource {
  readonly #source: EventSource;
  readonly #trace: StreamTrace;
  #wake: Wake | undefined;
  /** When a wait began that is not over. */
  #waitingSince: number | undefined;
  #wokenAt: number | undefined;
  /** Since the last event that was no ping. */
  #waited = 0;

  constructor(source: EventSource, trace: StreamTrace) {
    this.#source = source;
    this.#trace = trace;
    dropped?.register(this, trace, trace);
  }

  connect(wake: Wake): Poll<ResponseHead> {
    this.#trace.begin();
    try {
      return this.#source.connect(wake);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  next(wake: Wake): Poll<Next> {
    this.#trace.begin();
    this.#wake = wake;
    const asked = this.#trace.now();
    try {
      const event = this.#source.next(this.#woken);
      if (event === PENDING) {
        this.#waitingSince ??= asked;
        this.#wokenAt = undefined;
        return PENDING;
      }
      this.#waited += (this.#wokenAt ?? this.#trace.now()) - (this.#waitingSince ?? asked);
      this.#waitingSince = this.#wokenAt = undefined;
      this.#tell(event);
      return event;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  cancel(reason: AnthropicError): void {
    this.#end(reason);
    this.#source.cancel(reason);
  }

  readonly #woken = (): void => {
    this.#wokenAt = this.#trace.now();
    this.#wake?.();
  };

  #tell(event: Next): void {
    if (event !== undefined && this.#trace.wantsContent) this.#trace.said({ type: 'event', event });
    if (event === undefined || event.type === 'message_stop') {
      this.#end();
      return;
    }
    if (event.type === 'ping') {
      this.#trace.ping(this.#waited);
      return;
    }
    const index = restartIndex(event);
    if (index !== undefined) this.#trace.restart(index);
    else if (event.type === 'content_block_delta' || event.type === 'content_block_start')
      this.#trace.content(this.#waited);
    else learn(this.#trace, event);
    this.#waited = 0;
  }

  #end(error?: AnthropicError): void {
    this.#trace.end(error);
    // The trace refers to the error, and its stack to this source: see RawStreamCore.
    dropped?.unregister(this.#trace);
  }

  /** What a signal handler threw is no failure of the stream: it is cancelled, or read on. */
  #failed(error: unknown): unknown {
    if (error instanceof AnthropicError) this.#end(error);
    return error;
  }
}

/** Facts of the message in `message_start` and `message_delta`. */
function learn({ context }: StreamTrace, { message, delta, usage }: UntypedEvent): void {
  if (message !== undefined) learnMessage(context, message as UntypedMessage);
  const { stop_reason } = (delta ?? {}) as { stop_reason?: string | null };
  if (stop_reason != null) context.stopReason = stop_reason;
  if (usage != null) context.usage = { ...context.usage, ...given(usage) };
}

/** Facts of a message. */
export function learnMessage(context: StreamTrace['context'], message: UntypedMessage): void {
  const { id, model, stop_reason, usage } = message;
  if (typeof id === 'string') context.messageId = id;
  if (typeof model === 'string') context.responseModel = model;
  if (typeof stop_reason === 'string') context.stopReason = stop_reason;
  if (usage != null) context.usage = { ...context.usage, ...given(usage) };
}

function given(usage: unknown): object {
  return Object.fromEntries(Object.entries(usage as object).filter(([, value]) => value != null));
}
