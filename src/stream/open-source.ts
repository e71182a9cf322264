import type { Call, RequestOptions, Settings } from '../transport/settings.js';
import { type RecoverOptions, recoverOptions } from './recover/options.js';
import { RecoveringSource } from './recover/recovering-source.js';
import type { Params, RestRequest } from './recover/rest-request.js';
import { RequestSource } from './request-source.js';
import type { EventSource, SourceOwner } from './source.js';

/** Options of a stream. */
export interface StreamOptions extends RequestOptions {
  /**
   * When a stream breaks after content came: ask for the rest, and join it to the same stream. Usage adds
   * up; `recover` and `restart` listeners are told, `stream.attempts` lists the requests. Default: the
   * error comes, with the partial message.
   */
  recover?: boolean | RecoverOptions | undefined;
}

/**
 * The source of a stream: one request, or as many as it takes.
 * @throws AnthropicError when an option makes no sense.
 */
export function openSource(
  settings: Settings,
  call: Call,
  options: StreamOptions,
  owner: SourceOwner,
): EventSource {
  const recover = recoverOptions(options.recover);
  if (recover === undefined) return new RequestSource(settings, call, options, owner);
  let latest: RequestSource | undefined;
  const open = (rest?: RestRequest): EventSource => {
    const continued = rest === undefined ? call : { ...call, body: JSON.stringify(rest.params) };
    const how = rest?.how ?? 'request';
    latest = new RequestSource(settings, continued, options, owner, {
      how,
      waited: latest?.waited ?? 0,
    });
    return latest;
  };
  // Read back only when a stream breaks: most do not, and params can be large.
  const params = (): Params => JSON.parse(call.body ?? '{}');
  return new RecoveringSource({ params, open }, recover, owner);
}
