import { toEvents } from '../../message/to-events.js';
import type { UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { ErrorBody } from '../../wire/errors.js';
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
    const delta = event.delta as UntypedDelta;
    for (const piece of pieces.get(delta.type)?.(delta) ?? [delta]) {
      yield { ...event, delta: piece };
    }
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

type Pieces = (delta: UntypedDelta) => Iterable<UntypedDelta>;

/** Deltas that come in pieces. The others come whole. */
const pieces: ReadonlyMap<string, Pieces> = new Map<string, Pieces>([
  ['text_delta', (delta) => inPieces(delta, 'text')],
  ['thinking_delta', (delta) => inPieces(delta, 'thinking')],
  ['input_json_delta', jsonPieces],
]);

function* inPieces(delta: UntypedDelta, field: string): Generator<UntypedDelta, void, undefined> {
  for (const piece of split(delta[field] as string)) yield { ...delta, [field]: piece };
}

/** The first fragment of an input is empty, and without arguments it is the only one. */
function* jsonPieces(delta: UntypedDelta): Generator<UntypedDelta, void, undefined> {
  yield { ...delta, partial_json: '' };
  if (delta.partial_json !== '{}') yield* inPieces(delta, 'partial_json');
}
