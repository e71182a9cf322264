import { type EmulatorRequest, type Host, serve } from '../../testing/index.js';
import { DONE } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/**
 * Serves a host until SIGINT or SIGTERM, which is how it is meant to end. Says on stdout where it
 * listens, and a line for each request when it has ended.
 * @throws UsageError (rejects) where it cannot listen.
 */
export async function serveUntilStopped(
  host: Host,
  address: { port: number; host: string },
  terminal: Terminal,
): Promise<number> {
  const server = await serve(host, address).catch((error: Error) => {
    throw new UsageError(`cannot listen on ${address.host}:${address.port}: ${error.message}`);
  });
  const stop = new Promise<void>((resolve) => {
    terminal.on('SIGINT', resolve);
    terminal.on('SIGTERM', resolve);
  });
  terminal.stdout.write(`listening on ${server.url}\n`);
  void tell(host, terminal);
  await stop;
  await server.close();
  return DONE;
}

/** Never ends: there is always another request to wait for. */
async function tell(host: Host, { stdout }: Terminal): Promise<never> {
  for (;;) {
    const request = await host.waitForRequest();
    void request.ended.then(() => stdout.write(`${lineOf(request)}\n`));
  }
}

function lineOf({ method, path, body, ending, status, time, endTime }: EmulatorRequest): string {
  const { model, stream } = (body ?? {}) as { model?: unknown; stream?: unknown };
  return [
    `${method} ${path}`,
    ...(typeof model === 'string' ? [model] : []),
    ...(stream === true ? ['stream'] : []),
    status === undefined ? 'no answer' : String(status),
    `${((endTime ?? time) - time).toFixed(0)} ms`,
    ending,
  ].join(' · ');
}
