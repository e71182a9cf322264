import { type AnthropicError, APIUserAbortError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import type { ResponseHead } from '../transport/port.js';
import { type ErrorData, errorOf } from './error-data.js';
import { headOf } from './head-data.js';
import type { Item, Send, Step, Told } from './protocol.js';
import { unpacked } from './runs.js';
import type { Thread } from './thread.js';

/**
 * One request that a worker sends, and its answer. It goes out at the first need; every method that
 * needs something of the answer blocks until it is there.
 */
export class ThreadRequest {
  /** Told of the steps before an event when the event is asked for. */
  onStep: (step: Step) => void = () => {};
  readonly #thread: () => Thread;
  readonly #request: Omit<Send, 'ask' | 'id'>;
  #sent: { thread: Thread; id: number } | undefined;
  #head: ResponseHead | undefined;
  #data: unknown;
  #items: Item[] = [];
  #at = 0;
  #batches = 0;
  #ending: { error: ErrorData | undefined } | undefined;

  constructor(thread: () => Thread, request: Omit<Send, 'ask' | 'id'>) {
    this.#thread = thread;
    this.#request = request;
  }

  /** Of the latest response; undefined before it. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  /** Waits for the response headers. */
  connect(): ResponseHead {
    this.#wait(() => this.#head !== undefined);
    this.#takeSteps();
    if (this.#head === undefined) throw this.#failure();
    return this.#head;
  }

  /** Waits for the JSON document. */
  data(): unknown {
    this.#wait(() => false);
    if (this.#ending?.error !== undefined) throw this.#failure();
    return this.#data;
  }

  /** The next raw event; undefined when there are no more. */
  next(): LooseEvent | undefined {
    for (;;) {
      this.#takeSteps();
      const event = this.#shift();
      if (event !== undefined) return event as LooseEvent;
      if (this.#ending?.error !== undefined) throw this.#failure();
      if (this.#ending !== undefined) return undefined;
      this.#read();
    }
  }

  /** Nobody wants the rest. */
  close(): void {
    this.#sent?.thread.close(this.#sent.id);
    this.#ending ??= { error: undefined };
    this.#items = [];
    this.#at = 0;
  }

  #read(): void {
    const { thread, id } = this.#send();
    const batches = this.#batches;
    const isMore = (): boolean => this.#batches > batches || this.#ending !== undefined;
    thread.take();
    if (isMore()) return;
    thread.ask({ ask: 'read', id, batches });
    thread.wait(isMore);
  }

  #wait(isThere: () => boolean): void {
    this.#send().thread.wait(() => isThere() || this.#ending !== undefined);
  }

  #send(): { thread: Thread; id: number } {
    if (this.#sent === undefined) {
      const thread = this.#thread();
      this.#sent = { thread, id: thread.send(this.#request, this.#told) };
    }
    return this.#sent;
  }

  readonly #told = ({ data, batch = [], end, error }: Told): void => {
    if (data !== undefined) this.#data = data;
    for (const item of unpacked(batch)) {
      if (isStep(item) && item.step === 'head') this.#head = headOf(item.head);
      this.#items.push(item);
    }
    if (end || error !== undefined) this.#ending = { error };
    else this.#batches++;
  };

  #takeSteps(): void {
    for (let item = this.#items[this.#at]; item && isStep(item); item = this.#items[this.#at]) {
      this.#shift();
      this.onStep(item);
    }
  }

  #shift(): Item | undefined {
    const item = this.#items[this.#at++];
    if (this.#at >= this.#items.length) {
      this.#items = [];
      this.#at = 0;
    }
    return item;
  }

  /** Made where it is first thrown, so that its stack shows who asked. */
  #failure(): AnthropicError {
    const error = this.#ending?.error;
    return error === undefined ? new APIUserAbortError() : errorOf(error);
  }
}

function isStep(item: Item): item is Step {
  return !('type' in item);
}
