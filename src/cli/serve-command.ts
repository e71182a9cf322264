import {
  createEmulator,
  type EmulatorOptions,
  type EmulatorRequest,
  type Host,
  parseFaults,
  replay,
  reply,
  serve,
} from '../testing/index.js';
import { UsageError } from './args.js';
import { readScript } from './script.js';
import { parseServeArguments, SERVE_HELP, type ServeArguments } from './serve-args.js';
import { storyFor } from './stories.js';
import type { Terminal } from './terminal.js';

/**
 * `millrace serve`: an emulator on a port, until it is interrupted. Says on stdout where it listens,
 * and a line for each request when it has ended.
 * @throws UsageError
 */
export async function serveCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = parseServeArguments(argv);
  if (args.help) {
    terminal.stdout.write(SERVE_HELP);
    return 0;
  }
  const host = await hostFor(args);
  const server = await serve(host, { port: args.port, host: args.host }).catch((error: Error) => {
    throw new UsageError(`cannot listen on ${args.host}:${args.port}: ${error.message}`);
  });
  const stop = new Promise<void>((resolve) => {
    terminal.on('SIGINT', resolve);
    terminal.on('SIGTERM', resolve);
  });
  terminal.stdout.write(`listening on ${server.url}\n`);
  void tell(host, terminal);
  await stop;
  await server.close();
  return 0;
}

async function hostFor({ script, replay: dir, faults }: ServeArguments): Promise<Host> {
  if (dir !== undefined) {
    return replay({ dir }).catch((error: Error) => {
      throw new UsageError(`--replay ${dir}: ${error.message}`);
    });
  }
  const own = faults === undefined ? {} : { faults: faultsIn(faults) };
  if (script === undefined) return createEmulator({ ...STORIES, ...own });
  const options = await readScript(script);
  try {
    return createEmulator({ ...options, ...own });
  } catch (error) {
    throw new UsageError(`--script ${script}: ${(error as Error).message}`);
  }
}

const STORIES: EmulatorOptions = { replies: (request) => reply.text(storyFor(request)) };

function faultsIn(spec: string): EmulatorOptions['faults'] {
  try {
    return parseFaults(spec);
  } catch (error) {
    throw new UsageError(`--faults: ${(error as Error).message}`);
  }
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
