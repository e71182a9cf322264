import type { Call, RequestOptions, Settings } from '../transport/settings.js';
import type { RecoverOptions } from './recover/options.js';
import { RecoveringSource } from './recover/recovering-source.js';
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

/** The source of a stream: one request, or as many as it takes. */
export function openSource(
  settings: Settings,
  call: Call,
  options: StreamOptions,
  owner: SourceOwner,
): EventSource {
  const { recover } = options;
  if (!recover) return new RequestSource(settings, call, options, owner);
  let latest: RequestSource | undefined;
  return new RecoveringSource(
    JSON.parse(call.body ?? '{}'),
    (params, mode) => {
      const body = JSON.stringify(params);
      const waited = latest?.waited ?? 0;
      const how = mode ?? 'request';
      latest = new RequestSource(settings, { ...call, body }, options, owner, { how, waited });
      return latest;
    },
    recover === true ? {} : recover,
    owner,
  );
}
