/** What waits for one reader, in order. */
export interface Backlog<T> {
  push(item: T): void;
  shift(): T | undefined;
}

/** A plain queue: nothing is merged. */
export class Queue<T> implements Backlog<T> {
  #items: (T | undefined)[] = [];
  #at = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.#at === this.#items.length) return undefined;
    const item = this.#items[this.#at];
    this.#items[this.#at++] = undefined;
    if (this.#at === this.#items.length) {
      this.#items = [];
      this.#at = 0;
    }
    return item;
  }
}

/** Pieces of one text, joined. */
export class TextBacklog implements Backlog<string> {
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  push(item: string): void {
    this.#text += item;
  }

  shift(): string | undefined {
    if (this.#text === '') return undefined;
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
