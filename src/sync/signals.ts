import type { Worker } from 'node:worker_threads';
import { Interruption } from './interruption.js';
import { builtin } from './runtime-support.js';
import { IDLE, RECEIVED, STARTING, STATE, STOPPING } from './signal-memory.js';
import { startSignalWatcher } from './start-worker.js';

/** Its number, on every platform. */
const SIGINT = 2;

/** A watcher starts in about 50 ms, and starts or stops again within microseconds, unless it is gone. */
const PATIENCE_MS = 10_000;

/** Signals are the process's, so all clients share one watch. */
let watch: SignalWatch | undefined;

/**
 * To be called before a wait: from here on `runSignalHandlers` knows of every SIGINT, if the process has
 * handlers for it. Without handlers nothing is watched: the signal ends the process, as ever.
 */
export function watchSignals(): void {
  if (globalThis.process.listenerCount('SIGINT') === 0) return;
  watch ??= canWatch() ? new SignalWatch() : undefined;
  watch?.start();
}

/**
 * Runs the process's handlers for each SIGINT that they have not been called for.
 * @throws Interruption with what a handler throws.
 */
export function runSignalHandlers(): void {
  try {
    watch?.deliver();
  } catch (reason) {
    throw new Interruption(reason);
  }
}

/**
 * Other threads have no handlers for signals. In Deno a signal breaks off no script; in Bun it does, but
 * nothing says when the last handler is removed.
 */
function canWatch(): boolean {
  const { versions } = globalThis.process;
  if ('deno' in versions || 'bun' in versions) return false;
  return builtin('node:worker_threads').isMainThread;
}

class SignalWatch {
  readonly #memory = new Int32Array(new SharedArrayBuffer(8));
  #worker: Worker | undefined;
  #delivered = 0;

  /** Returns when the watcher receives the signals. */
  start(): void {
    if (Atomics.compareExchange(this.#memory, STATE, IDLE, STARTING) !== IDLE) return;
    Atomics.notify(this.#memory, STATE);
    this.#worker ??= this.#startWorker();
    Atomics.wait(this.#memory, STATE, STARTING, PATIENCE_MS);
  }

  deliver(): void {
    while (this.#delivered !== Atomics.load(this.#memory, RECEIVED)) {
      this.#delivered++;
      const process = globalThis.process as NodeJS.EventEmitter & NodeJS.Process;
      try {
        // A handler may have removed the last one: then the next signal has its default action.
        if (!process.emit('SIGINT', 'SIGINT', SIGINT)) process.kill(process.pid, 'SIGINT');
      } finally {
        // It may have removed the last one and added another: that stopped the watcher.
        if (process.listenerCount('SIGINT') > 0) this.start();
      }
    }
  }

  #startWorker(): Worker {
    const worker = startSignalWatcher({
      name: 'millrace SIGINT',
      workerData: this.#memory,
      // What the process preloads has no business here.
      execArgv: [],
      env: {},
    });
    worker.on('message', () => this.deliver());
    // Without a watcher, handlers run when the runtime calls them: after the wait.
    worker.on('error', () => {});
    worker.unref();
    globalThis.process.on('removeListener', (name) => {
      if (name === 'SIGINT' && globalThis.process.listenerCount('SIGINT') === 0) this.#stop();
    });
    return worker;
  }

  /**
   * Returns when the signal is the runtime's again: without handlers it has its default action, or is for
   * a script with `breakOnSigint` on this thread, in whose place the watcher would receive it.
   */
  #stop(): void {
    const memory = this.#memory;
    if (Atomics.load(memory, STATE) === IDLE) return;
    Atomics.store(memory, STATE, STOPPING);
    Atomics.notify(memory, STATE);
    Atomics.wait(memory, STATE, STOPPING, PATIENCE_MS);
  }
}
