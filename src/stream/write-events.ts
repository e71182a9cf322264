import { AnthropicError, asAnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { encodeEvent } from '../sse/encode.js';
import type { ErrorBody } from '../wire/errors.js';
import { exposing } from './expose.js';
import type { ExposeOptions } from './expose-options.js';
import { restartIndex, toWireRestart } from './restart.js';
import type { Pull } from './sse-response.js';
import { toRelayedBody } from './to-relayed-body.js';

/**
 * What the client is told of a failure.
 * - an error: that one, with its own text;
 * - a string: the text to send in place of the error's own;
 * - undefined: the default.
 */
export type ErrorMapper = (error: AnthropicError) => AnthropicError | string | undefined;

/**
 * Writes the events of a message as server-sent events in bytes. A failure becomes an `error` event: a broken
 * stream must not look like a short one at the other end.
 * @param expose checked.
 */
export function writeMessage(
  events: AsyncIterator<UntypedEvent, undefined>,
  expose: ExposeOptions,
  mapError?: ErrorMapper,
): Pull {
  const rule = exposing(expose);
  const toRaw = (event: UntypedEvent): UntypedEvent | undefined => {
    const exposed = rule(event);
    return exposed && toRawEvent(exposed);
  };
  return writeEvents(events, toRaw, mapError);
}

/** The same for events as they are. */
export function writeEvents<T extends { type: string }>(
  events: AsyncIterator<T, undefined>,
  toRaw: (event: T) => { type: string } | undefined = (event) => event,
  mapError?: ErrorMapper,
): Pull {
  const utf8 = new TextEncoder();
  return async (controller) => {
    try {
      for (;;) {
        const { done, value } = await events.next();
        if (done) return controller.close();
        const raw = toRaw(value);
        if (raw !== undefined) return controller.enqueue(utf8.encode(encode(raw)));
      }
    } catch (error) {
      const body = errorBody(asAnthropicError(error), mapError);
      const text = encodeEvent({ event: 'error', data: JSON.stringify(body) });
      controller.enqueue(utf8.encode(text));
      controller.close();
    }
  };
}

function encode(raw: { type: string }): string {
  return encodeEvent({ event: raw.type, data: JSON.stringify(raw) });
}

/** What readers of a message get beyond the raw event: see `enrichEvent`. */
const ENRICHED: ReadonlyMap<string, string> = new Map([
  ['content_block_stop', 'content_block'],
  ['message_stop', 'message'],
]);

/** An enriched event as the API sends it; a restart under its wire name. */
export function toRawEvent(event: UntypedEvent): UntypedEvent {
  const restart = restartIndex(event);
  if (restart !== undefined) return toWireRestart(restart);
  const field = ENRICHED.get(event.type);
  if (field === undefined || !(field in event)) return event;
  const { [field]: _, ...raw } = event;
  return raw as UntypedEvent;
}

/** By default client-side failures get a fixed text: theirs can contain addresses and secrets. */
function errorBody(error: AnthropicError, mapError?: ErrorMapper): ErrorBody {
  let mapped: ReturnType<ErrorMapper>;
  try {
    mapped = mapError?.(error);
  } catch {
    // The client must learn of the failure in any case.
  }
  if (mapped instanceof AnthropicError) return toRelayedBody(mapped, false);
  if (typeof mapped !== 'string') return toRelayedBody(error, true);
  const body = toRelayedBody(error, true);
  const { type } = body.error;
  return { ...body, error: { type, message: mapped } };
}
