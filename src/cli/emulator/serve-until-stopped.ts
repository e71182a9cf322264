import { writeFile } from 'node:fs/promises';
import { type EmulatorRequest, type Host, type ServeOptions, serve } from '../../testing/index.js';
import { toShortText } from '../answer/to-text.js';
import { DONE } from '../exit-codes.js';
import { type Terminal, untilStopped } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** Where to listen, and what to tell clients of it. */
export interface ServedAddress extends ServeOptions {
  readonly port: number;
  readonly host: string;
  /** A file for the certificate. */
  readonly certOut?: string | undefined;
  /** Lines to paste into the shell of a client. */
  readonly toExports: (url: string) => readonly string[];
}

/**
 * Serves a host until SIGINT or SIGTERM. Prints its address on stdout, what
 * makes a client use it, and a line for each request once it has ended.
 * @param host one that doesn't keep its requests: it can serve for months.
 * @throws UsageError (rejects) if it can't listen there.
 */
export async function serveUntilStopped(
  host: Host,
  { toExports, certOut, ...address }: ServedAddress,
  terminal: Terminal,
): Promise<number> {
  const server = await serve(withLog(host, terminal), address).catch((error: Error) => {
    throw new UsageError(`can't listen on ${address.host}:${address.port}: ${error.message}`);
  });
  if (certOut !== undefined) await writeFile(certOut, server.cert ?? '');
  const stop = untilStopped(terminal);
  terminal.stdout.printLine(`listening on ${server.url}`);
  for (const line of toExports(server.url)) terminal.stdout.printLine(line);
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
