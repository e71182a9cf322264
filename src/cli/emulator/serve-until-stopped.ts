import { writeFile } from 'node:fs/promises';
import { type EmulatorRequest, type Host, type ServeOptions, serve } from '../../testing/index.js';
import { toShortText } from '../answer/to-text.js';
import { DONE } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/**
 * Serves a host until SIGINT or SIGTERM, the normal ways to end it. Prints its address on stdout, and a
 * line for each request once it has ended.
 * @param certOut a file for the certificate.
 * @param host one that doesn't keep its requests: it can serve for months.
 * @throws UsageError (rejects) if it can't listen there.
 */
export async function serveUntilStopped(
  host: Host,
  address: ServeOptions & { port: number; host: string },
  terminal: Terminal,
  certOut?: string,
): Promise<number> {
  const server = await serve(withLog(host, terminal), address).catch((error: Error) => {
    throw new UsageError(`can't listen on ${address.host}:${address.port}: ${error.message}`);
  });
  if (certOut !== undefined) await writeFile(certOut, server.cert ?? '');
  const stop = new Promise<void>((resolve) => {
    terminal.on('SIGINT', resolve);
    terminal.on('SIGTERM', resolve);
  });
  terminal.stdout.printLine(`listening on ${server.url}`);
  await stop;
  await server.close();
  return DONE;
}

function withLog(host: Host, { stdout }: Terminal): Pick<Host, 'handle'> {
  return {
    handle: async (request, signal) => {
      const exchange = await host.handle(request, signal);
      const toLine = toLogLine(exchange.request);
      void exchange.request.ended.then(() => stdout.printLine(toLine()));
      return exchange;
    },
  };
}

/** @returns what makes the line at the end. */
function toLogLine(request: EmulatorRequest): () => string {
  const { model, stream } = (request.body ?? {}) as { model?: unknown; stream?: unknown };
  const parts = [
    `${request.method} ${toShortText(request.path)}`,
    ...(typeof model === 'string' ? [toShortText(model)] : []),
    ...(stream === true ? ['stream'] : []),
  ];
  return () => {
    const { status, time, endTime = time, ending } = request;
    const answer = status === undefined ? 'no response' : String(status);
    return [...parts, answer, `${(endTime - time).toFixed(0)} ms`, ending].join(' · ');
  };
}
