import type { MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { AnthropicError, APIConnectionError } from '../errors.js';
import type { Report, Reporter } from '../observe.js';
import type { ClientMessage, Notification, SendRequest, WorkerMessage } from './protocol.js';
import { builtin } from './runtime-support.js';
import type { SettingsData } from './serialize.js';
import { type ErrorData, fromErrorData, toErrorData } from './serialize-error.js';
import { runSignalHandlers, watchSignals } from './signals.js';
import { startRequestWorker, workerFileError } from './start-worker.js';

/**
 * How long this thread sleeps at a time. In between handlers of SIGINT run, the runtime can end what runs
 * (Ctrl-C in a REPL), and silence is told from death.
 */
const SLICE_MS = 100;
/** After this many slices of silence the worker is asked for a heartbeat, repeatedly. */
const SLICES_TO_HEARTBEAT = 5;
/** After this many it is given up. It answers within microseconds unless it hangs. */
const MAX_SILENT_SLICES = 100;

type Listener = (message: WorkerMessage) => void;

/** Who receives what the worker reports about a request. */
interface Receiver {
  listener: Listener;
  /** In the async context of the call that the request is for. */
  report: Reporter | undefined;
}

/** The worker of a client, as the client's thread sees it. */
export class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #receive: typeof receiveMessageOnPort;
  readonly #counter: Int32Array<SharedArrayBuffer>;
  readonly #receivers = new Map<number, Receiver>();
  #lastId = 0;
  #isLoaded = false;
  #reportsDelivery = false;
  #isOver = false;

  /** @throws AnthropicError when it cannot be started. */
  constructor(settings: SettingsData) {
    const { MessageChannel, receiveMessageOnPort } = builtin('node:worker_threads');
    const { port1, port2 } = new MessageChannel();
    const memory = new SharedArrayBuffer(4);
    this.#port = port1;
    this.#receive = receiveMessageOnPort;
    this.#counter = new Int32Array(memory);
    this.#worker = startRequestWorker({ port: port2, memory, settings });
    // An idle thread must not keep the process alive.
    this.#worker.unref();
    this.#worker.on('error', (error) => this.#crash(crashed(error.message, error)));
    this.#worker.on('exit', () => this.#crash(crashed('it has ended')));
  }

  /** Whether it has ended, for whatever reason. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Has a request sent. @returns the request's id. */
  send(request: Omit<SendRequest, 'type' | 'id'>, receiver: Receiver): number {
    const id = ++this.#lastId;
    // First, so that a thread that is found dead now is an error of this request too.
    this.#receivers.set(id, receiver);
    try {
      this.post({ type: 'send', id, ...request });
    } catch (error) {
      this.#receivers.delete(id);
      throw error;
    }
    return id;
  }

  /** @throws AnthropicError when part of it cannot cross to another thread. */
  post(message: ClientMessage): void {
    try {
      this.#deliver(message);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new AnthropicError(
        `an option cannot cross to the thread that sends the requests: ${why}`,
        { cause },
      );
    }
  }

  /** Passes on what has arrived. */
  take(): void {
    for (;;) {
      const received = this.#receive(this.#port);
      if (received === undefined) return;
      const message: WorkerMessage | Notification = received.message;
      this.#isLoaded = true;
      if ('id' in message) this.#onMessage(message);
      else this.#onNotification(message);
    }
  }

  /**
   * Blocks this thread until a condition holds that a message of the worker, or a handler of SIGINT, can
   * bring about.
   * @throws Interruption with what such a handler throws.
   */
  wait(condition: () => boolean): void {
    let silence = 0;
    for (;;) {
      const count = Atomics.load(this.#counter, 0);
      this.take();
      if (condition()) return;
      // A worker that can't be loaded has no watcher beside it either.
      if (this.#isLoaded) watchSignals();
      if (Atomics.wait(this.#counter, 0, count, SLICE_MS) !== 'timed-out') silence = 0;
      else if (++silence === MAX_SILENT_SLICES) this.#crash(crashed('it does not answer'));
      else if (silence % SLICES_TO_HEARTBEAT === 0) this.post({ type: 'heartbeat' });
      runSignalHandlers();
    }
  }

  /** Closes a request: its listener is not called again. */
  close(id: number): void {
    if (this.#receivers.delete(id)) this.post({ type: 'close', id });
  }

  /** Ends it now, with an error for every open request. */
  end(error: AnthropicError): void {
    this.#crash(toErrorData(error));
  }

  /**
   * On Node `postMessage` returns true as long as the other side of the port exists, though its types and
   * docs don't say so: the only way to learn of a thread that ran out of memory while this one waits.
   */
  #deliver(message: ClientMessage): void {
    const isDelivered: unknown = this.#port.postMessage(message);
    if (isDelivered === true) this.#reportsDelivery = true;
    else if (this.#reportsDelivery) this.#crash(crashed('it has ended, perhaps out of memory'));
  }

  #onMessage(message: WorkerMessage): void {
    const receiver = this.#receivers.get(message.id);
    if (message.end || message.error !== undefined) this.#receivers.delete(message.id);
    receiver?.listener(message);
  }

  #onNotification(notification: Notification): void {
    if ('loaded' in notification) return;
    if ('unloadable' in notification) {
      this.#crash(toErrorData(workerFileError(notification.unloadable)));
      return;
    }
    if ('crashed' in notification) {
      this.#crash(notification.crashed);
      return;
    }
    // A request that was closed has no receiver any more.
    const receiver = this.#receivers.get(notification.of);
    if ('error' in notification) {
      const error = fromErrorData(notification.error);
      receiver?.report?.({ ...notification.report, error } as Report);
    } else {
      receiver?.report?.(notification.report);
    }
  }

  #crash(error: ErrorData): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const id of this.#receivers.keys()) this.#onMessage({ id, error });
    void this.#worker.terminate();
  }
}

function crashed(why: string, cause?: unknown): ErrorData {
  const what = `the thread that sends the requests is gone: ${why}`;
  return toErrorData(new APIConnectionError(what, { cause }));
}
