import type { MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { AnthropicError, APIConnectionError } from '../errors.js';
import type { Observer } from '../observe.js';
import { type ErrorData, errorData, errorOf } from './error-data.js';
import { builtin } from './means.js';
import type { Aside, Ask, Send, Told, WorkerStart } from './protocol.js';
import type { SettingsData } from './settings-data.js';

// In both layouts of the build (scripts/join.mjs) the worker is beside the file that holds this line.
const WORKER = new URL('./worker.js', import.meta.url);

/**
 * How long this thread sleeps at a time. In between the runtime can end what runs (Ctrl-C in a REPL),
 * and silence is told from death.
 */
const SLICE_MS = 100;
/** After how many slices of silence the worker is asked for a sign of life, again and again. */
const SLICES_TO_SIGN = 10;
/** After how many it is given up. It answers within microseconds unless it is gone. */
const MOST_SLICES = 100;

type Listener = (told: Told) => void;

/** The worker of a client, as the client's thread sees it. */
export class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #receive: typeof receiveMessageOnPort;
  readonly #counter: Int32Array<SharedArrayBuffer>;
  readonly #observe: Observer | undefined;
  readonly #listeners = new Map<number, Listener>();
  #lastId = 0;
  #isOver = false;

  /** @throws AnthropicError when it cannot be started. */
  constructor(settings: SettingsData, observe: Observer | undefined) {
    const { MessageChannel, receiveMessageOnPort } = builtin('node:worker_threads');
    const { port1, port2 } = new MessageChannel();
    const memory = new SharedArrayBuffer(4);
    this.#port = port1;
    this.#receive = receiveMessageOnPort;
    this.#counter = new Int32Array(memory);
    this.#observe = observe;
    this.#worker = started({ port: port2, memory, settings });
    // A thread that nobody asks must not keep the process.
    this.#worker.unref();
    this.#worker.on('error', (error) => this.#break(broken(error.message, error)));
    this.#worker.on('exit', () => this.#break(broken('it has ended')));
  }

  /** Whether it has ended, in whatever way. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Has a request sent. @returns the request's id. */
  send(request: Omit<Send, 'ask' | 'id'>, listener: Listener): number {
    const id = ++this.#lastId;
    this.ask({ ask: 'send', id, ...request });
    this.#listeners.set(id, listener);
    return id;
  }

  /** @throws AnthropicError when something in it cannot be given to another thread. */
  ask(ask: Ask): void {
    try {
      this.#port.postMessage(ask);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new AnthropicError(
        `an option cannot cross to the thread that sends the requests: ${why}`,
        { cause },
      );
    }
  }

  /** Hands on what has arrived. */
  take(): void {
    for (;;) {
      const received = this.#receive(this.#port);
      if (received === undefined) return;
      const message: Told | Aside = received.message;
      if ('id' in message) this.#tell(message);
      else this.#heed(message);
    }
  }

  /** Blocks this thread until something is so, which only what the worker tells can bring about. */
  wait(isSo: () => boolean): void {
    let silence = 0;
    for (;;) {
      const count = Atomics.load(this.#counter, 0);
      this.take();
      if (isSo()) return;
      if (Atomics.wait(this.#counter, 0, count, SLICE_MS) !== 'timed-out') silence = 0;
      else if (++silence === MOST_SLICES) this.#break(broken('it does not answer'));
      else if (silence % SLICES_TO_SIGN === 0) this.ask({ ask: 'sign' });
    }
  }

  /** Asks that a request be ended, and hears no more of it. */
  close(id: number): void {
    if (this.#listeners.delete(id)) this.ask({ ask: 'close', id });
  }

  /** Ends it now, with an error for every request that is open. */
  end(error: AnthropicError): void {
    this.#break(errorData(error));
  }

  #tell(told: Told): void {
    const listener = this.#listeners.get(told.id);
    if (told.end || told.error !== undefined) this.#listeners.delete(told.id);
    listener?.(told);
  }

  #heed(aside: Aside): void {
    if ('broken' in aside) this.#break(aside.broken);
    else if ('error' in aside)
      this.#observe?.({ ...aside.observation, error: errorOf(aside.error) });
    else this.#observe?.(aside.observation);
  }

  #break(error: ErrorData): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const id of this.#listeners.keys()) this.#tell({ id, error });
    void this.#worker.terminate();
  }
}

function started(workerData: WorkerStart): Worker {
  const { Worker } = builtin('node:worker_threads');
  // Else it would die unheard: whoever waits hears of no event.
  if (WORKER.protocol === 'file:' && !builtin('node:fs').existsSync(WORKER)) {
    throw new AnthropicError(
      `${WORKER.pathname} is missing: a bundler must leave 'millrace/sync' external, its worker is a ` +
        'file of its own',
    );
  }
  try {
    const transferList = [workerData.port];
    return new Worker(WORKER, { name: 'millrace', workerData, transferList, ...flags() });
  } catch (cause) {
    const why = (cause as Error).message;
    throw new AnthropicError(`the thread that sends the requests cannot be started: ${why}`, {
      cause,
    });
  }
}

/** Those of the process, unless Node would refuse them for a file: `node --input-type=module -e …`. */
function flags(): { execArgv?: string[] } {
  const { execArgv } = globalThis.process;
  return execArgv.some((flag) => flag.startsWith('--input-type')) ? { execArgv: [] } : {};
}

function broken(why: string, cause?: unknown): ErrorData {
  const what = `the thread that sends the requests is gone: ${why}`;
  return errorData(new APIConnectionError(what, { cause }));
}
