import { checkOptions, type OptionCheck } from '../check-options.js';
import { asAnthropicError } from '../errors.js';
import { NEVER_PENDING } from '../pull/poll.js';
import type { Answer } from '../resources/response-promise.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { answered } from '../stream/traced-answer.js';
import type { StreamTrace } from '../trace/stream-trace.js';
import { type MadeCall, traceCall } from '../trace/trace-call.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import { reasonOf } from './interruption.js';
import { assertTransferable, type SyncRequestOptions, type SyncStreamOptions } from './options.js';
import type { ResponseKind } from './protocol.js';
import type { Thread } from './thread.js';
import { ThreadRequest } from './thread-request.js';

/** A request, and its trace, if anything listens. */
export interface TracedCall {
  call: ApiRequest;
  trace: StreamTrace | undefined;
}

/** The calls of a client over the thread that sends its requests. */
export interface ThreadCalls {
  /** The call that is made now. */
  made: (call: ApiRequest, of: Omit<MadeCall, 'path'>) => TracedCall;
  /** A request that goes out at the first need. */
  request: (
    kind: ResponseKind,
    call: TracedCall,
    options: SyncStreamOptions,
    owner?: Partial<SourceOwner>,
  ) => ThreadRequest;
  /** Sends a request and waits for its JSON document. @throws AnthropicError */
  json: <T>(call: TracedCall, options: SyncRequestOptions) => Answer<T>;
}

/** @internal */
export function threadCalls(thread: () => Thread, settings: ResolvedOptions): ThreadCalls {
  const made: ThreadCalls['made'] = (call, of) => {
    const trace = traceCall(settings, { ...of, path: call.path, isBlocking: true });
    return { call, trace };
  };
  const request: ThreadCalls['request'] = (
    kind,
    { call, trace },
    // What is in the call already need not cross to the other thread.
    { extraBody: _, ...options },
    owner,
  ) => new ThreadRequest(thread, { kind, call, options }, trace, owner);
  // In one function: a stack shows ten frames, and the caller's must be among them.
  const json = <T>({ call, trace }: TracedCall, options: SyncRequestOptions): Answer<T> => {
    const sent = request('json', { call, trace }, options);
    trace?.begin();
    try {
      const answer = sent.json<T>();
      if (trace !== undefined) answered(trace, answer.data);
      return answer;
    } catch (thrown) {
      const reason = abandon(sent, thrown);
      trace?.end(asAnthropicError(reason));
      throw reason;
    }
  };
  return { made, request, json };
}

/** Waits for the response headers. */
export function connect(source: EventSource): ResponseHead {
  try {
    return source.connect(NEVER_PENDING) as ResponseHead;
  } catch (thrown) {
    throw abandon(source, thrown);
  }
}

/** @throws AnthropicError for an option that is unknown, invalid, or can't cross to another thread. */
export function check(options: object, checks: Readonly<Record<string, OptionCheck>>): void {
  assertTransferable(options);
  checkOptions(options, checks);
}

/** After a failure that leaves the caller nothing to close. @returns what the caller gets. */
function abandon(request: EventSource, thrown: unknown): unknown {
  request.cancel(asAnthropicError(reasonOf(thrown)));
  return reasonOf(thrown);
}
