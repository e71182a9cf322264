import { APIUserAbortError } from '../errors.js';
import type { Report } from '../observe.js';
import {
  type AttemptContext,
  GAP_MS,
  newId,
  type Progress,
  STALL_MS,
  type StreamContext,
} from './contexts.js';
import type { FanOut } from './fan-out.js';
import { outcomeOf } from './outcome.js';
import type { Content, Note } from './sink.js';

/** The run that a call is a turn of. */
export interface TurnOf {
  readonly runId: string;
  readonly turn: number;
}

type Now = () => number;

type RawParams = Readonly<Record<string, unknown>>;

/** What happens in one call, reported to its listeners. It ends once. */
export class StreamTrace {
  readonly context: StreamContext;
  /** Whether each event is to be told: that it came, what it says. */
  readonly wantsProgress: boolean;
  readonly wantsContent: boolean;
  /** Monotonic time, in milliseconds. */
  readonly now: Now;
  readonly #fanOut: FanOut;
  #attempt: AttemptContext | undefined;
  #attemptSince = 0;
  #since: number | undefined;
  /** Between a retry and its request. */
  #delay: number | undefined;
  #isEnded = false;
  #params: RawParams | undefined;

  constructor(fanOut: FanOut, context: StreamContext, now: Now, params: RawParams) {
    this.#fanOut = fanOut;
    this.context = context;
    this.now = now;
    this.wantsProgress = fanOut.has('progressed');
    this.wantsContent = fanOut.has('said');
    // They can be large, and the trace lives as long as its stream.
    if (this.wantsContent) this.#params = params;
  }

  /** The first need. */
  begin(): void {
    if (this.#since !== undefined || this.#isEnded) return;
    this.#since = this.now();
    this.#fanOut.tell((sink) => sink.begun?.('stream', this.context));
    if (this.#params !== undefined) this.said({ type: 'params', params: this.#params });
    this.#params = undefined;
  }

  /** What the transport reports. */
  readonly report = (report: Report): void => {
    if (this.#isEnded) return;
    this.begin();
    if (report.type === 'request') this.#requested(report);
    else if (report.type === 'response') this.#responded(report);
    else this.#broke(report);
  };

  /** Headers that the sinks add to a request. */
  headers(): Record<string, string> {
    const added = {};
    this.#fanOut.tell((sink) => {
      Object.assign(added, sink.headers?.(this.context, this.#attempt));
    });
    return added;
  }

  /** A transport whose requests carry the headers of the sinks, and are sent in their contexts. */
  carry<R extends { headers: Record<string, string> }, A extends unknown[], T>(
    transport: (request: R, ...rest: A) => T,
  ): (request: R, ...rest: A) => T {
    return (request, ...rest) => {
      const headers = { ...this.headers(), ...request.headers };
      const send = (): T => transport({ ...request, headers }, ...rest);
      const attempt = this.#attempt;
      return attempt === undefined ? send() : this.#fanOut.within('attempt', attempt, send);
    };
  }

  /** What was said. Only for sinks that want content. */
  said(content: Content): void {
    if (!this.#isEnded) this.#fanOut.tell((sink) => sink.said?.(content, this.context));
  }

  restart(index: number): void {
    this.#note({ type: 'restart', index });
  }

  /** Content was read, after a wait of so many milliseconds. */
  content(waited: number): void {
    const { context } = this;
    if (context.firstContentMs === undefined) {
      context.firstContentMs = this.#elapsed();
      this.#note({ type: 'firstContent' });
      this.#progress('firstContent', context.firstContentMs);
      return;
    }
    if (this.wantsProgress) this.#progress('chunk', waited);
    if (waited > context.longestGapMs) context.longestGapMs = Math.round(waited);
    if (waited < GAP_MS) return;
    this.#progress('gap', waited);
    if (waited < STALL_MS) return;
    context.stalls++;
    this.#progress('stall', waited);
  }

  ping(waited: number): void {
    this.#progress('ping', waited);
  }

  end(error?: Error): void {
    if (this.#isEnded) return;
    const { context } = this;
    this.#endAttempt(error);
    this.#isEnded = true;
    // A stream that nothing needed has not happened.
    if (this.#since === undefined) return;
    context.ms = this.#elapsed();
    context.outcome = outcomeOf(error);
    if (error !== undefined) context.error = error;
    this.#fanOut.tell((sink) => sink.ended?.('stream', context));
  }

  /** Its stream is garbage, and will not end it. */
  dropped(): void {
    this.end(new APIUserAbortError('the stream was dropped before its end'));
  }

  #requested({ method, url, timeouts }: Extract<Report, { type: 'request' }>): void {
    this.#endAttempt();
    const { context } = this;
    const { streamId, runId, turn } = context;
    this.#attempt = {
      streamId,
      attemptId: newId('att'),
      ...(runId !== undefined && { runId }),
      ...(turn !== undefined && { turn }),
      attempt: ++context.attempts,
      method,
      url: url.slice(0, url.search(/\?|$/)),
      timeouts,
      delayMs: this.#delay,
    };
    this.#delay = undefined;
    this.#attemptSince = this.now();
    const attempt = this.#attempt;
    this.#fanOut.tell((sink) => sink.begun?.('attempt', attempt));
    this.#note({ type: 'request' });
  }

  #responded({ status, requestId, ms }: Extract<Report, { type: 'response' }>): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    Object.assign(attempt, { status, requestId, responseMs: Math.round(ms) });
    this.context.requestId = requestId;
    this.#note({ type: 'response' });
    this.#progress('firstByte', this.#elapsed());
  }

  #broke(report: Extract<Report, { type: 'retry' | 'recover' }>): void {
    if (report.type === 'recover') {
      this.context.recoveries++;
      this.#note(report);
    } else {
      this.context.retries++;
      this.#delay = Math.round(report.delay);
      this.#note({ ...report, delay: this.#delay });
    }
    this.#endAttempt(report.error);
  }

  #endAttempt(error?: Error): void {
    const attempt = this.#attempt;
    if (attempt === undefined || attempt.ms !== undefined) return;
    attempt.ms = Math.round(this.now() - this.#attemptSince);
    if (error !== undefined) attempt.error = error;
    this.#fanOut.tell((sink) => sink.ended?.('attempt', attempt));
  }

  #note(note: Note): void {
    if (this.#isEnded) return;
    this.#fanOut.tell((sink) => sink.noted?.(note, this.context, this.#attempt));
  }

  #progress(type: Progress['type'], waited: number): void {
    if (!this.wantsProgress || this.#isEnded) return;
    const { streamId } = this.context;
    const ms = Math.round(waited);
    const progress = { type, streamId, attemptId: this.#attempt?.attemptId, ms };
    this.#fanOut.tell((sink) => sink.progressed?.(progress));
  }

  #elapsed(): number {
    return Math.round(this.now() - (this.#since ?? this.now()));
  }
}
