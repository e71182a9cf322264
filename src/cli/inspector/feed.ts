/** What the page gets for a file; inspector/src/source/live.ts reads it. */
export interface FeedMessage {
  readonly file: string;
  /** More of its text. */
  readonly text?: string;
  /** It begins again. */
  readonly isNew?: boolean;
  /** It will not grow. */
  readonly isWhole?: boolean;
}

/** All that was said of each file so far, for pages that come later, and what is said next. */
export class Feed {
  readonly #past = new Map<string, FeedMessage[]>();
  readonly #listeners = new Set<(message: FeedMessage) => void>();

  say(message: FeedMessage): void {
    const { file, isNew } = message;
    const past = this.#past.get(file);
    if (past === undefined || isNew) this.#past.set(file, [message]);
    else past.push(message);
    for (const listener of this.#listeners) listener(message);
  }

  /** Gets the past at once. @returns a function that ends it. */
  listen(listener: (message: FeedMessage) => void): () => void {
    for (const message of [...this.#past.values()].flat()) listener(message);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
