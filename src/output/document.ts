import { JsonStream } from '../json/json-stream.js';
import type { LooseEvent } from '../message/loose.js';
import { addedText, textOf } from './text-of.js';

/** The text of a message in the making, as one JSON document. */
export class Document {
  readonly json: JsonStream = new JsonStream();
  readonly #blocks: Set<unknown>;

  /** @param content what the message has already. */
  constructor(content: readonly object[] = []) {
    this.#blocks = new Set(content.keys());
    this.json.feed(textOf(content));
  }

  /** Whether an event begins a block that was there: what came before the event was given up. */
  isBegunAnewBy({ type, index }: LooseEvent): boolean {
    return type === 'content_block_start' && this.#blocks.has(index);
  }

  /**
   * Reads on.
   * @returns whether the event may have changed the value, and there is one.
   * @throws what listeners of the JSON throw.
   */
  read(event: LooseEvent): boolean {
    if (event.type === 'content_block_start') this.#blocks.add(event.index);
    if (event.type === 'message_stop') return this.#end();
    const text = addedText(event);
    if (text === '') return false;
    this.json.feed(text);
    return this.json.value !== undefined;
  }

  /** Only a number that is all of the document ends with the text, and not before. */
  #end(): boolean {
    const before = this.json.value;
    this.json.end();
    return this.json.value !== before;
  }
}
