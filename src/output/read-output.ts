import { JsonStream } from '../json/json-stream.js';
import { textOf } from '../message/text-of.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { textDelta } from '../stream/text-delta.js';
import type { AnyMessage } from '../wire/beta.js';

/**
 * Feeds an event's text to an output: the text of a message, as one JSON document.
 *
 * Nothing is taken back: a stream whose params have a format is recovered only before any text
 * (src/stream/recover).
 *
 * @returns whether the event may have changed the value, and there is one.
 * @throws what listeners of the JSON throw.
 */
export function readOutput(json: JsonStream, event: UntypedEvent): boolean {
  const before = json.value;
  if (event.type === 'message_stop') {
    json.end();
    // A number that is the whole output ends only here.
    return json.value !== before;
  }
  const text = addedText(event);
  if (text === '') return false;
  json.feed(text);
  return json.value !== undefined;
}

/** What is heard of a stream, awaiting or blocking. */
export interface OutputSource {
  readonly currentMessageSnapshot: AnyMessage | undefined;
  on(name: 'event' | 'message', listener: (value: never) => void): unknown;
}

/** The output as a stream's listeners receive it, with what was received before. */
export function listenForOutput(stream: OutputSource): JsonStream {
  const json = new JsonStream();
  json.feed(textOf(stream.currentMessageSnapshot ?? { content: [] }));
  stream.on('event', (event: UntypedEvent) => void readOutput(json, event));
  // For listeners that are added after the end, too.
  stream.on('message', () => json.end());
  return json;
}

/** The text that an event adds to a message. */
function addedText(event: UntypedEvent): string {
  return adds.get(event.type)?.(event) ?? '';
}

const adds: ReadonlyMap<string, (event: UntypedEvent) => string | undefined> = new Map([
  ['message_start', ({ message }) => textOf(message as UntypedMessage)],
  [
    'content_block_start',
    ({ content_block }) => textOf({ content: [content_block as UntypedBlock] }),
  ],
  ['content_block_delta', textDelta],
]);
