import { JsonStream } from '../json/json-stream.js';
import { textOf } from '../message/text-of.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { textReader } from '../stream/text-reader.js';
import type { AnyMessage } from '../wire/beta.js';

/**
 * Feeds the text of events to an output: the text of a message, as one JSON document.
 *
 * Nothing is taken back: a stream whose params have a format is recovered only before any text
 * (src/stream/recover).
 *
 * @returns takes an event, in order; whether it may have changed the value, and there is one. It throws what
 * listeners of the JSON throw.
 */
export function outputReader(json: JsonStream): (event: UntypedEvent) => boolean {
  const textDelta = textReader();
  return (event) => {
    const before = json.value;
    const added = textDelta(event);
    if (event.type === 'message_stop') {
      json.end();
      // A number that is the whole output ends only here.
      return json.value !== before;
    }
    const text = added ?? textOf({ content: startedBlocks(event) });
    if (text === '') return false;
    json.feed(text);
    return json.value !== undefined;
  };
}

/** What is heard of a stream, awaiting or blocking. */
export interface OutputSource {
  readonly currentMessageSnapshot: AnyMessage | undefined;
  on(name: 'event' | 'message', listener: (value: never) => void): unknown;
}

/** The output as a stream's listeners receive it, with what was received before. */
export function listenForOutput(stream: OutputSource): JsonStream {
  const json = new JsonStream();
  const read = outputReader(json);
  for (const [index, content_block] of (stream.currentMessageSnapshot?.content ?? []).entries()) {
    read({ type: 'content_block_start', index, content_block });
  }
  stream.on('event', (event: UntypedEvent) => void read(event));
  // For listeners that are added after the end, too.
  stream.on('message', () => json.end());
  return json;
}

/** The blocks in an event that starts some. */
function startedBlocks({ type, message, content_block }: UntypedEvent): UntypedBlock[] {
  if (type === 'message_start') return (message as UntypedMessage).content;
  return type === 'content_block_start' ? [content_block as UntypedBlock] : [];
}
