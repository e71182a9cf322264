import { workerData } from 'node:worker_threads';
import { APIConnectionError, APIUserAbortError, asAnthropicError } from '../errors.js';
import type { Observation } from '../observe.js';
import { systemClock } from '../transport/clock.js';
import { errorData } from './error-data.js';
import type { Aside, Ask, Told, WorkerStart } from './protocol.js';
import { type Sending, send } from './send.js';

/*
 * The thread that sends the requests of a SyncAnthropic: it does what it is asked, and tells.
 */

const { port, memory, settings } = workerData as WorkerStart;
const counter = new Int32Array(memory);
const open = new Map<number, Sending>();

const answers: { readonly [A in Ask['ask']]: (ask: Extract<Ask, { ask: A }>) => void } = {
  send: (request) => {
    const tell = (told: Omit<Told, 'id'>): void => {
      // Nobody listens to what was closed.
      if (open.has(request.id)) post({ id: request.id, ...told });
      if (told.end || told.error !== undefined) open.delete(request.id);
    };
    open.set(request.id, send(request, { settings, observe, clock: systemClock }, tell));
  },
  read: ({ id, batches }) => open.get(id)?.read(batches),
  close: ({ id }) => {
    const sending = open.get(id);
    open.delete(id);
    sending?.close(new APIUserAbortError());
  },
  sign: () => sign(),
};

function observe(observation: Observation): void {
  if (observation.type !== 'retry') {
    post({ observation });
  } else {
    const { error, ...rest } = observation;
    post({ observation: rest, error: errorData(error) });
  }
}

function post(message: Told | Aside): void {
  port.postMessage(message);
  sign();
}

function sign(): void {
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
}

/** Whoever waits must learn of it here: while it waits it hears of no event. */
function breakDown(cause: unknown): void {
  const what = `the thread that sends the requests failed: ${asAnthropicError(cause).message}`;
  post({ broken: errorData(new APIConnectionError(what, { cause })) });
  process.exit(1);
}

process.on('uncaughtException', breakDown);
process.on('unhandledRejection', breakDown);
process.on('exit', (code) => {
  const what = `the thread that sends the requests ended with code ${code}`;
  post({ broken: errorData(new APIConnectionError(what)) });
});
port.on('message', (ask: Ask) => answers[ask.ask](ask as never));
