import { type AnyMessage, MessageStream } from '../index.js';
import { Store } from './store.js';

/** Sends a request. The signal fires when its response isn't wanted any more. */
export type Open = (signal: AbortSignal) => Promise<Response>;

/** Sends a request for what follows an event: with its id in the header `last-event-id`, where there is one. */
export type OpenAfter = (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;

/** What a hook shows: `submitted` until the first event. */
export type Status = 'ready' | 'submitted' | 'streaming' | 'error';

/** A message as far as it was received. */
export interface MessageState<M extends AnyMessage> {
  message: M | undefined;
  status: Status;
  /** Why the status is `error`. */
  error: Error | undefined;
}

/** The latest message that was asked for. */
export class MessageStore<M extends AnyMessage> extends Store<MessageState<M>> {
  #leaving = new AbortController();

  constructor() {
    super({ message: undefined, status: 'ready', error: undefined });
  }

  ask(open: Open): Promise<M | undefined> {
    return this.#read(async (signal) => MessageStream.from<M>(await open(signal), { signal }));
  }

  follow(open: OpenAfter): Promise<M | undefined> {
    return this.#read(async (signal) => MessageStream.follow<M>(open, { signal }));
  }

  async #read(start: (signal: AbortSignal) => Promise<MessageStream<M>>): Promise<M | undefined> {
    this.stop();
    const leaving = new AbortController();
    this.#leaving = leaving;
    const { signal } = leaving;
    let stream: MessageStream<M> | undefined;
    const message = (): M | undefined => stream?.currentMessageSnapshot;
    this.set({ message: undefined, status: 'submitted', error: undefined });
    // At once, even where the request ignores its signal; later events are not shown.
    const stopped = (): void => this.set({ message: message(), status: 'ready' });
    signal.addEventListener('abort', stopped);
    try {
      stream = await start(signal);
      stream.on('event', () => {
        if (!signal.aborted) this.change(() => ({ message: message(), status: 'streaming' }));
      });
      await stream.untilDone();
      if (!signal.aborted) this.set({ message: message(), status: 'ready' });
    } catch (error) {
      if (!signal.aborted) {
        this.set({ message: message(), status: 'error', error: error as Error });
      }
    } finally {
      signal.removeEventListener('abort', stopped);
    }
    return message();
  }

  stop(): void {
    this.#leaving.abort();
    // What ends after this ends unseen.
    this.#leaving = new AbortController();
  }
}
