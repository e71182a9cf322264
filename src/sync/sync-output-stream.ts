import { JsonStream } from '../json/json-stream.js';
import type { JsonPath } from '../json/path.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { DeepPartial } from '../output/deep-partial.js';
import { listenForOutput, type OutputSource, outputReader } from '../output/output-reader.js';
import type { ValueAt } from '../output/value-at.js';
import type { AnyMessage } from '../wire/beta.js';
import type { SyncMessageStream } from './sync-message-stream.js';

/** The output while it is written: `stream.outputStream`. */
export class SyncOutputStream<Input> implements Iterable<DeepPartial<Input>> {
  readonly #stream: SyncMessageStream<AnyMessage>;
  readonly #final: () => unknown;
  /** The JSON that `onValue` listeners are attached to. */
  #heard: JsonStream | undefined;

  /** @internal See `SyncOutputMessageStream`. */
  constructor(stream: SyncMessageStream<AnyMessage>, final: () => unknown) {
    this.#stream = stream;
    this.#final = final;
  }

  /**
   * The output so far, at most once for each event. It ends as `getFinalOutput()` does: normally, or with
   * its OutputError.
   *
   * An object or an array is the same one every time: it grows while you hold it, so that a step costs
   * what it adds. Copy what must not change. Strings grow too, and are new each time; numbers, booleans
   * and null appear when they are complete.
   */
  *[Symbol.iterator](): Generator<DeepPartial<Input>, undefined, undefined> {
    const json = new JsonStream();
    const read = outputReader(json);
    for (const event of this.#stream as Iterable<UntypedEvent>) {
      if (read(event)) yield json.value as DeepPartial<Input>;
    }
    this.#final();
    return undefined;
  }

  /**
   * Calls a listener with each value of the output as soon as it is finished: the rows of a table before
   * the table is complete. For values that are finished already it is called at once. Like any listener
   * it is called while something reads; what it throws goes to the stream's `error` listeners.
   *
   * Values are as the model wrote them; only `getFinalOutput()` validates.
   *
   * @param pattern keys and indices joined with dots, `*` for any: `rows.*`; '' is the whole output.
   * @returns a function that removes the listener.
   */
  onValue<const Pattern extends string>(
    pattern: Pattern,
    listener: (value: ValueAt<Input, Pattern>, path: JsonPath) => void,
  ): () => void {
    this.#heard ??= listenForOutput(this.#stream as OutputSource);
    return this.#heard.onValue(pattern, listener as (value: unknown, path: JsonPath) => void);
  }
}
