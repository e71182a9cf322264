import { Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { IDLE, RECEIVED, STARTING, STATE, STOPPING, WATCHING } from './signal-memory.js';

/*
 * The thread that receives SIGINT while the client's thread waits.
 *
 * A script with `breakOnSigint` replaces the handler of the whole process, and the signal breaks off the
 * script: here, where it does nothing else. When the last such script returns, SIGINT ends the process, so
 * there are always several, one inside the other: the signal breaks off the innermost, which starts again
 * while the others keep the handler.
 */

const LEVELS = 16;

const memory = workerData as Int32Array;
const script = new Script('watchInside()');
const scope = globalThis as { watchInside?: () => void };

for (;;) {
  watch(LEVELS);
  Atomics.compareExchange(memory, STATE, STOPPING, IDLE);
  Atomics.notify(memory, STATE);
  Atomics.wait(memory, STATE, IDLE);
}

function watch(levels: number): void {
  while (isOn()) {
    // Set again each time: a script that was broken off has cleaned up nothing.
    scope.watchInside = () => (levels === 1 ? sleep() : watch(levels - 1));
    try {
      script.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      Atomics.add(memory, RECEIVED, 1);
      // For a client's thread that is in its event loop.
      parentPort?.postMessage('SIGINT');
    }
  }
}

function sleep(): void {
  Atomics.compareExchange(memory, STATE, STARTING, WATCHING);
  Atomics.notify(memory, STATE);
  Atomics.wait(memory, STATE, WATCHING);
}

function isOn(): boolean {
  const state = Atomics.load(memory, STATE);
  return state === STARTING || state === WATCHING;
}
