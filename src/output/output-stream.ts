import type { JsonPath } from '../json/path.js';
import type { LooseEvent } from '../message/loose.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { AnyMessage } from '../wire/beta.js';
import type { DeepPartial } from './deep-partial.js';
import { Document } from './document.js';
import type { ValueAt } from './value-at.js';

/** The output while it is written: `stream.outputStream`. */
export class OutputStream<Input> implements AsyncIterable<DeepPartial<Input>> {
  readonly #stream: MessageStream<AnyMessage>;
  readonly #final: () => Promise<unknown>;
  readonly #watches = new Set<Watch>();
  /** What the listeners listen to. */
  #document: Document | undefined;

  /** @internal See `OutputMessageStream`. */
  constructor(stream: MessageStream<AnyMessage>, final: () => Promise<unknown>) {
    this.#stream = stream;
    this.#final = final;
  }

  /**
   * The output so far, at most once for each event. It ends as `getFinalOutput()` does: quietly, or
   * with its OutputError.
   *
   * An object or an array is the same one every time: it grows while you hold it, so that a step costs
   * what it adds. Copy what is to stay as it is. Strings grow too, and are new each time; numbers,
   * booleans and null come when they are complete.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<DeepPartial<Input>, undefined, undefined> {
    let document = new Document();
    for await (const event of this.#stream as AsyncIterable<LooseEvent>) {
      if (document.isBegunAnewBy(event)) document = new Document();
      if (document.read(event)) yield document.json.value as DeepPartial<Input>;
    }
    await this.#final();
    return undefined;
  }

  /**
   * Calls a listener with each value of the output that is finished, as soon as it is: for the rows of
   * a table before the table is whole. Those that have finished before are given at once. Like any
   * listener it makes the stream read; what it throws goes to the stream's `error` listeners.
   *
   * Values are as the model wrote them; only `getFinalOutput()` validates. Where a broken stream begins
   * anew, so do they.
   *
   * @param pattern keys and indices joined with dots, `*` for any: `rows.*`; '' is the whole output.
   * @returns a function that takes the listener away.
   */
  onValue<const Pattern extends string>(
    pattern: Pattern,
    listener: (value: ValueAt<Input, Pattern>, path: JsonPath) => void,
  ): () => void {
    const watch: Watch = { pattern, listener: listener as Watch['listener'], stop: () => {} };
    this.#document ??= this.#listen();
    attach(watch, this.#document);
    this.#watches.add(watch);
    return () => {
      watch.stop();
      this.#watches.delete(watch);
    };
  }

  #listen(): Document {
    const document = new Document(this.#stream.currentMessageSnapshot?.content);
    this.#stream.on('event', (event) => this.#read(event as LooseEvent));
    // For a listener that comes after the end, too.
    this.#stream.on('message', () => this.#document?.json.end());
    return document;
  }

  #read(event: LooseEvent): void {
    if (this.#document?.isBegunAnewBy(event)) {
      this.#document = new Document();
      for (const watch of this.#watches) attach(watch, this.#document);
    }
    this.#document?.read(event);
  }
}

interface Watch {
  readonly pattern: string;
  readonly listener: (value: unknown, path: JsonPath) => void;
  stop: () => void;
}

function attach(watch: Watch, { json }: Document): void {
  watch.stop = json.onValue(watch.pattern, watch.listener);
}
