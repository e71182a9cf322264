import { AnthropicError, asAnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { encodeEvent } from '../sse/encode.js';
import type { ErrorBody } from '../wire/errors.js';
import { exposing } from './expose.js';
import type { ExposeOptions } from './expose-options.js';
import { keepAlive } from './keep-alive.js';
import { restartIndex, WIRE_TYPE } from './restart.js';
import type { ErrorMapper, Texts } from './sse-response.js';
import { toRelayedBody } from './to-relayed-body.js';

/**
 * The events of a message as texts of server-sent events. A failure becomes an `error` event: a broken stream
 * must not look like a short one at the other end.
 * @param expose checked.
 */
export function writeMessage(
  events: AsyncIterator<UntypedEvent, undefined>,
  expose: ExposeOptions,
  mapError?: ErrorMapper,
): Texts {
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
): Texts {
  let isFailed = false;
  return {
    async next() {
      if (isFailed) return END;
      try {
        for (;;) {
          const { done, value } = await events.next();
          if (done) return END;
          const raw = toRaw(value);
          if (raw !== undefined) return { done: false, value: encodeRaw(raw) };
        }
      } catch (error) {
        isFailed = true;
        return { done: false, value: encodeError(asAnthropicError(error), mapError) };
      }
    },
  };
}

/** The events of a run, which may be silent for long. */
export function writeRun(
  events: AsyncIterator<{ type: string }, undefined>,
  mapError?: ErrorMapper,
): Texts {
  return keepAlive(writeEvents(events, undefined, mapError));
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

function encodeRaw(raw: { type: string }): string {
  return encodeEvent({ event: raw.type, data: JSON.stringify(raw) });
}

function encodeError(error: AnthropicError, mapError?: ErrorMapper): string {
  const data = JSON.stringify(clientErrorBody(error, mapError));
  return encodeEvent({ event: 'error', data });
}

/** What readers of a message get beyond the raw event: see `enrichEvent`. */
const ENRICHED: ReadonlyMap<string, string> = new Map([
  ['content_block_stop', 'content_block'],
  ['message_stop', 'message'],
]);

/** An enriched event as the API sends it; a restart under its wire name. */
export function toRawEvent(event: UntypedEvent): UntypedEvent {
  const restart = restartIndex(event);
  if (restart !== undefined) return { type: WIRE_TYPE, index: restart };
  const field = ENRICHED.get(event.type);
  if (field === undefined || !(field in event)) return event;
  const { [field]: _, ...raw } = event;
  return raw as UntypedEvent;
}

/**
 * What a client learns about a failure. By default client-side failures get a fixed text: theirs can contain
 * addresses and secrets.
 */
export function clientErrorBody(error: AnthropicError, mapError?: ErrorMapper): ErrorBody {
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
