import { STRING_DELTAS } from '../../message/kinds.js';
import { toEvents } from '../../message/to-events.js';
import type { UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { ErrorBody } from '../../wire/errors.js';

/**
 * The events of a message as the API streams it: token by token, with a `ping` after the first block
 * start. They are created one by one, as they are read.
 * @param error where the message breaks off: in its last block, which stays open.
 */
export function* toMessageEvents(
  message: AnyMessage,
  error?: ErrorBody,
): Generator<UntypedEvent, void, undefined> {
  const all = toEvents(message) as UntypedEvent[];
  const events = error === undefined ? all : all.slice(0, -UNSENT);
  let isPinged = false;
  for (const event of events) {
    yield* splitEvent(event);
    if (event.type !== 'content_block_start' || isPinged) continue;
    isPinged = true;
    yield { type: 'ping' };
  }
  if (error !== undefined) yield { ...error };
}

/** The number of events that a broken message lacks: the last content_block_stop, message_delta and message_stop. */
const UNSENT = 3;

function* splitEvent(event: UntypedEvent): Generator<UntypedEvent, void, undefined> {
  if (event.type === 'message_start') {
    yield { ...event, message: toStart(event.message as AnyMessage) };
  } else if (event.type === 'content_block_delta') {
    for (const delta of splitDelta(event.delta as UntypedDelta)) yield { ...event, delta };
  } else {
    yield event;
  }
}

/** At the start of a stream only one token has been written. */
function toStart(message: AnyMessage): AnyMessage {
  const usage = { ...message.usage };
  if (usage.output_tokens > 1) usage.output_tokens = 1;
  return { ...message, usage };
}

/** A delta as the API sends it: text and JSON in fragments, anything else whole. */
function* splitDelta(delta: UntypedDelta): Generator<UntypedDelta, void, undefined> {
  const { brings, join } = STRING_DELTAS.get(delta.type) ?? {};
  if (brings === undefined) {
    yield delta;
    return;
  }
  // The first fragment of an input is empty, and without arguments it is the only one.
  if (join === 'json') yield { ...delta, [brings]: '' };
  if (join === 'json' && delta[brings] === '{}') return;
  for (const fragment of splitText(delta[brings] as string)) yield { ...delta, [brings]: fragment };
}

/** Longer words are several tokens. */
const PIECE = /\s*\S{1,12}|\s+/gu;

/**
 * Text in pieces as the model writes it: a word with the space before it, long words in pieces of 12
 * characters. The same text gives the same pieces. With the `u` flag a character is a code point, so no
 * surrogate pair is split.
 */
export function* splitText(text: string): Generator<string, void, undefined> {
  for (const [piece] of text.matchAll(PIECE)) yield piece;
}
