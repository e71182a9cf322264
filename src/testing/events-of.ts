import { STRING_DELTAS } from '../message/kinds.js';
import { toEvents } from '../message/to-events.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ErrorBody } from '../wire/errors.js';
import { split } from './split.js';

/**
 * The events of a message as the API streams it: token by token, with a `ping` after the first block
 * start. They are made one by one, as they are asked for.
 * @param error where the message breaks off: in its last block, which stays open.
 */
export function* eventsOf(
  message: AnyMessage,
  error?: ErrorBody,
): Generator<UntypedEvent, void, undefined> {
  const whole = toEvents(message) as UntypedEvent[];
  const events = error === undefined ? whole : whole.slice(0, -UNSENT);
  let isPinged = false;
  for (const event of events) {
    yield* finer(event);
    if (event.type !== 'content_block_start' || isPinged) continue;
    isPinged = true;
    yield { type: 'ping' };
  }
  if (error !== undefined) yield { ...error };
}

/** What a broken message lacks: the last content_block_stop, message_delta and message_stop. */
const UNSENT = 3;

function* finer(event: UntypedEvent): Generator<UntypedEvent, void, undefined> {
  if (event.type === 'message_start') {
    yield { ...event, message: atItsStart(event.message as AnyMessage) };
  } else if (event.type === 'content_block_delta') {
    for (const delta of fragmentsOf(event.delta as UntypedDelta)) yield { ...event, delta };
  } else {
    yield event;
  }
}

/** At the start of a stream only one token was written. */
function atItsStart(message: AnyMessage): AnyMessage {
  const usage = { ...message.usage };
  if (usage.output_tokens > 1) usage.output_tokens = 1;
  return { ...message, usage };
}

/** A delta as the API sends it: text and JSON in fragments, anything else whole. */
function* fragmentsOf(delta: UntypedDelta): Generator<UntypedDelta, void, undefined> {
  const { brings, join } = STRING_DELTAS.get(delta.type) ?? {};
  if (brings === undefined) {
    yield delta;
    return;
  }
  // The first fragment of an input is empty, and without arguments it is the only one.
  if (join === 'json') yield { ...delta, [brings]: '' };
  if (join === 'json' && delta[brings] === '{}') return;
  for (const fragment of split(delta[brings] as string)) yield { ...delta, [brings]: fragment };
}
