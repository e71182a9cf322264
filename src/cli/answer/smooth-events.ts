import { type MessageStreamEvent, smooth } from '../../index.js';

type Delta = MessageStreamEvent & { type: 'content_block_delta' };

/** Events whose text arrives at an even pace. All other events pass in order, without a delay. */
export async function* smoothEvents(
  events: AsyncIterable<MessageStreamEvent>,
): AsyncGenerator<MessageStreamEvent> {
  const source = events[Symbol.asyncIterator]();
  let next = await source.next();
  while (!next.done) {
    const event = next.value;
    const text = getText(event);
    if (text === undefined) {
      yield event;
      next = await source.next();
      continue;
    }
    const run = new TextRun(source, text);
    for await (const piece of smooth(run.pieces())) yield withText(event as Delta, piece);
    next = run.after;
  }
}

/** Text up to the first event without text. */
class TextRun {
  readonly #source: AsyncIterator<MessageStreamEvent>;
  readonly #first: string;
  /** The result that followed the text. */
  after: IteratorResult<MessageStreamEvent> = { done: true, value: undefined };

  constructor(source: AsyncIterator<MessageStreamEvent>, first: string) {
    this.#source = source;
    this.#first = first;
  }

  async *pieces(): AsyncGenerator<string> {
    yield this.#first;
    for (;;) {
      this.after = await this.#source.next();
      const text = this.after.done ? undefined : getText(this.after.value);
      if (text === undefined) return;
      yield text;
    }
  }
}

function getText(event: MessageStreamEvent): string | undefined {
  if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return undefined;
  return event.delta.text;
}

function withText(event: Delta, text: string): MessageStreamEvent {
  return { ...event, delta: { type: 'text_delta', text } };
}
