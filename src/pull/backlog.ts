import { JoinedText } from '../joined-text.js';

/** What waits for one reader, in order. */
export interface Backlog<T> {
  push(item: T): void;
  shift(): T | undefined;
}

/** A plain queue: nothing is merged. */
export class Queue<T> implements Backlog<T> {
  #items: T[] = [];
  #next = 0;
  /** How many wait: a field, since a stream looks at it before each event. */
  length = 0;

  push(item: T): void {
    this.#items.push(item);
    this.length++;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    this.length--;
    const item = this.#items[this.#next++];
    // Half of it is read: a queue that is never empty must not keep what was read. O(1) an item.
    if (this.#next * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#next);
      this.#next = 0;
    }
    return item;
  }
}

/** Pieces of one text, joined. */
export class TextBacklog implements Backlog<string> {
  #text: JoinedText;
  #isEmpty: boolean;

  constructor(text: string) {
    this.#text = new JoinedText(text);
    this.#isEmpty = text === '';
  }

  push(item: string): void {
    this.#text.push(item);
    if (item !== '') this.#isEmpty = false;
  }

  shift(): string | undefined {
    if (this.#isEmpty) return undefined;
    const { text } = this.#text;
    this.#text = new JoinedText();
    this.#isEmpty = true;
    return text;
  }
}
