import { type EmulatorRequest, type Host, serve } from '../../testing/index.js';
import { DONE } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/**
 * Serves a host until SIGINT or SIGTERM, the normal ways to end it. Prints its address on stdout, and a
 * line for each request once it has ended.
 * @throws UsageError (rejects) if it can't listen there.
 */
export async function serveUntilStopped(
  host: Host,
  address: { port: number; host: string },
  terminal: Terminal,
): Promise<number> {
  const server = await serve(host, address).catch((error: Error) => {
    throw new UsageError(`can't listen on ${address.host}:${address.port}: ${error.message}`);
  });
  const stop = new Promise<void>((resolve) => {
    terminal.on('SIGINT', resolve);
    terminal.on('SIGTERM', resolve);
  });
  terminal.stdout.write(`listening on ${server.url}\n`);
  void logRequests(host, terminal);
  await stop;
  await server.close();
  return DONE;
}

/** Never resolves: it always waits for another request. */
async function logRequests(host: Host, { stdout }: Terminal): Promise<never> {
  for (;;) {
    const request = await host.waitForRequest();
    void request.ended.then(() => stdout.write(`${toLogLine(request)}\n`));
  }
}

function toLogLine({ method, path, body, ending, status, time, endTime }: EmulatorRequest): string {
  const { model, stream } = (body ?? {}) as { model?: unknown; stream?: unknown };
  return [
    `${method} ${path}`,
    ...(typeof model === 'string' ? [model] : []),
    ...(stream === true ? ['stream'] : []),
    status === undefined ? 'no response' : String(status),
    `${((endTime ?? time) - time).toFixed(0)} ms`,
    ending,
  ].join(' · ');
}
