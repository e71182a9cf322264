import { type AnthropicError, asAnthropicError } from '../errors.js';
import type { Reporter } from '../observe.js';
import { BatchResultsSource } from '../resources/batch-results-source.js';
import { openSource, type StreamOptions } from '../stream/open-source.js';
import { READING } from '../stream/reading.js';
import { RequestSource } from '../stream/request-source.js';
import { sendJson } from '../stream/send-json.js';
import type { Clock } from '../transport/clock.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';
import { accumulatingSource } from './accumulating-source.js';
import { BatchSender } from './batch-sender.js';
import { DemandClock } from './demand-clock.js';
import type { SendRequest, WorkerMessage } from './protocol.js';
import { fromSettingsData, type SettingsData, toHeadData } from './serialize.js';
import { toErrorData } from './serialize-error.js';
import { forwardingOwner } from './steps.js';

/** A request that is under way. */
export interface ActiveRequest {
  read(batches: number): void;
  close(reason: AnthropicError): void;
}

/** What a request needs besides itself. */
export interface WorkerContext {
  settings: SettingsData;
  /** Undefined where nothing listens. */
  report: Reporter | undefined;
  clock: Clock;
}

type Post = (message: Omit<WorkerMessage, 'id'>) => void;

/** Sends a request, with the machinery of `Anthropic`, and posts what arrives. */
export function sendRequest(
  { kind, call, options }: SendRequest,
  { settings, report, clock }: WorkerContext,
  post: Post,
): ActiveRequest {
  if (kind === 'json')
    return sendForJson(fromSettingsData(settings, report, clock), call, options, post);
  const demand = new DemandClock(clock);
  const own = fromSettingsData(settings, report, demand);
  return new BatchSender(
    (forward) => {
      const owner = forwardingOwner(forward);
      if (kind === 'results')
        return new BatchResultsSource({ settings: own, call, reading: READING }, options, owner);
      if (kind === 'raw') return new RequestSource(own, call, options, owner, { isRaw: true });
      return options.recover
        ? accumulatingSource((owner) => openSource(own, call, options, owner), forward)
        : openSource(own, call, options, owner);
    },
    demand,
    post,
  );
}

function sendForJson(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: StreamOptions,
  post: Post,
): ActiveRequest {
  const abort = new AbortController();
  sendJson(settings, call, { ...options, signal: abort.signal }, READING).then(
    ({ data, head }) =>
      post({ data, batch: [{ step: 'head', head: toHeadData(head) }], end: true }),
    (error) => {
      const { partialMessage } = asAnthropicError(error);
      post({ error: { ...toErrorData(error), partialMessage } });
    },
  );
  return { read: () => {}, close: (reason) => abort.abort(reason) };
}
