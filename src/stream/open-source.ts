import type { Reporter } from '../observe.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import { chunkDeadline, loadChunk } from './load-chunk.js';
import { LoadingSource } from './loading-source.js';
import { type RecoverOptions, recoverOptions } from './recover/options.js';
import type { Requests } from './recover/recovering-source.js';
import { RequestSource } from './request-source.js';
import type { EventSource, SourceOwner } from './source.js';

/** Options of a stream. */
export interface StreamOptions extends RequestOptions {
  /**
   * When a stream breaks after content has arrived: request the rest, and join it to the same stream.
   * Usage adds up; `recover` and `restart` listeners are notified, `stream.attempts` lists the requests.
   * Default: the error is thrown, with the partial message.
   */
  recover?: boolean | RecoverOptions | undefined;
}

/**
 * The source of a stream: one request, or as many as it takes.
 * @param received what another process received of the message, and how it broke: recovered from in any case.
 * @throws AnthropicError for an invalid option.
 */
export function openSource(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: StreamOptions,
  owner: SourceOwner,
  received?: EventSource,
): EventSource {
  const recover = recoverOptions(
    received === undefined ? options.recover : options.recover || true,
  );
  let latest = new RequestSource(settings, call, options, owner);
  if (recover === undefined) return latest;
  const requests: Requests = {
    first: received ?? latest,
    // Parsed only when a stream breaks: most do not, and params can be large.
    params: () => JSON.parse(call.body ?? '{}'),
    open: ({ params, kind }) => {
      const rest = { ...call, body: JSON.stringify(params) };
      latest = new RequestSource(settings, rest, options, owner, {
        kind,
        waited: latest.waited,
        received: latest.received,
      });
      return latest;
    },
  };
  const deadline = chunkDeadline(settings, options);
  const load = async (): Promise<EventSource> => {
    const chunk = import('./recover/recovering-source.js');
    const { RecoveringSource } = await loadChunk('recover', chunk, deadline);
    return new RecoveringSource(requests, recover, reporting(owner, settings.report));
  };
  return new LoadingSource(received ?? latest, load, deadline);
}

/** An owner whose recoveries are reported, too. */
function reporting(owner: SourceOwner, report: Reporter | undefined): SourceOwner {
  if (report === undefined) return owner;
  const onRecover: SourceOwner['onRecover'] = (info) => {
    report({ type: 'recover', ...info });
    owner.onRecover(info);
  };
  return { ...owner, onRecover };
}
