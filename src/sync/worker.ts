import { workerData } from 'node:worker_threads';
import { APIConnectionError, APIUserAbortError, asAnthropicError } from '../errors.js';
import type { Report } from '../observe.js';
import { systemClock } from '../transport/clock.js';
import type { ClientMessage, Notification, WorkerMessage, WorkerStart } from './protocol.js';
import { type ActiveRequest, sendRequest } from './send-request.js';
import { toErrorData } from './serialize-error.js';

/*
 * The thread that sends the requests of a SyncAnthropic.
 */

const { port, memory, settings } = workerData as WorkerStart;
const counter = new Int32Array(memory);
const active = new Map<number, ActiveRequest>();

const handlers: {
  readonly [T in ClientMessage['type']]: (message: Extract<ClientMessage, { type: T }>) => void;
} = {
  send: (request) => {
    const postOne = (message: Omit<WorkerMessage, 'id'>): void => {
      // Messages about a closed request have no listener.
      if (active.has(request.id)) post({ id: request.id, ...message });
      if (message.end || message.error !== undefined) active.delete(request.id);
    };
    active.set(
      request.id,
      sendRequest(
        request,
        {
          settings,
          report: request.isTraced ? (happened) => report(request.id, happened) : undefined,
          clock: systemClock,
        },
        postOne,
      ),
    );
  },
  read: ({ id, batches }) => active.get(id)?.read(batches),
  close: ({ id }) => {
    const request = active.get(id);
    active.delete(id);
    request?.close(new APIUserAbortError());
  },
  heartbeat: () => count(),
};

function report(of: number, happened: Report): void {
  if (!('error' in happened)) {
    post({ of, report: happened });
  } else {
    const { error, ...rest } = happened;
    post({ of, report: rest, error: toErrorData(error) });
  }
}

function post(message: WorkerMessage | Notification): void {
  port.postMessage(message);
  count();
}

function count(): void {
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
}

/** The client's thread must learn of it here: while it waits, it receives no `error` or `exit` event. */
function crash(cause: unknown): void {
  const what = `the thread that sends the requests failed: ${asAnthropicError(cause).message}`;
  post({ crashed: toErrorData(new APIConnectionError(what, { cause })) });
  process.exit(1);
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.on('exit', (code) => {
  const what = `the thread that sends the requests ended with code ${code}`;
  post({ crashed: toErrorData(new APIConnectionError(what)) });
});
port.on('message', (message: ClientMessage) => handlers[message.type](message as never));
post({ loaded: true });
