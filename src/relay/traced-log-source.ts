import type { AnthropicError } from '../errors.js';
import type { Poll, Wake } from '../pull/poll.js';
import type { EventSource, Next } from '../stream/source.js';
import type { FollowTrace } from '../trace/relay-trace.js';
import type { ResponseHead } from '../transport/port.js';
import { leftError } from './ends.js';
import type { LogSource } from './log-source.js';

const dropped =
  typeof FinalizationRegistry === 'function'
    ? /* @__PURE__ */ new FinalizationRegistry<FollowTrace>((trace) => trace.end([], leftError()))
    : undefined;

/** A log's source, with its end told to a trace; without a trace the source itself. */
export function traceLogSource(trace: FollowTrace | undefined, source: LogSource): EventSource {
  return trace === undefined ? source : new TracedLogSource(source, trace);
}

class TracedLogSource implements EventSource {
  readonly #source: LogSource;
  readonly #trace: FollowTrace;

  constructor(source: LogSource, trace: FollowTrace) {
    this.#source = source;
    this.#trace = trace;
    dropped?.register(this, trace);
  }

  connect(wake: Wake): Poll<ResponseHead> {
    return this.#told(() => this.#source.connect(wake));
  }

  next(wake: Wake): Poll<Next> {
    const next = this.#told(() => this.#source.next(wake));
    // The stream is complete with it, and asks for nothing more.
    const isLast = next === undefined || (next as { type?: unknown }).type === 'message_stop';
    if (isLast) this.#end();
    return next;
  }

  cancel(reason: AnthropicError): void {
    this.#source.cancel(reason);
    this.#end(reason);
  }

  #told<T>(ask: () => T): T {
    this.#trace.begin();
    try {
      return ask();
    } catch (error) {
      this.#end(error as Error);
      throw error;
    }
  }

  #end(error?: Error): void {
    this.#trace.end(this.#source.producers, error);
  }
}
