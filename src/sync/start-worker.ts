import type { Worker, WorkerOptions } from 'node:worker_threads';
import { AnthropicError } from '../errors.js';
import type { WorkerStart } from './protocol.js';
import { builtin } from './runtime-support.js';

/**
 * Starts the thread that sends the requests. If its file can't be loaded, it posts `{ unloadable }`.
 * @throws AnthropicError when it can't be started.
 */
export function startRequestWorker(start: WorkerStart): Worker {
  const file = findFile('worker.js');
  const options = {
    name: 'millrace',
    workerData: { ...start, file: file.href },
    transferList: [start.port],
    ...flags(),
  };
  try {
    return startWorker(new URL(`data:text/javascript,${encodeURIComponent(LOADER)}`), options);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new AnthropicError(`the thread that sends the requests cannot be started: ${why}`, {
      cause,
    });
  }
}

/** Starts the thread that receives SIGINT. */
export function startSignalWatcher(options: WorkerOptions): Worker {
  return startWorker(findFile('signal-watcher.js'), options);
}

/** The error of a worker whose file can't be used: bundled code does not bring it along. */
export function workerFileError(why: string): AnthropicError {
  return new AnthropicError(
    `the worker of 'millrace/sync' can't be loaded: ${why}. It is a file of its own, so a bundler must ` +
      "leave the package 'millrace' external: in Next.js serverExternalPackages: ['millrace'], with " +
      "esbuild and Bun --external:millrace. A binary in one file can't have it: use Anthropic there",
  );
}

/**
 * What the thread runs first. A thread that waits receives no `error` event, so a file that fails to
 * load, such as one that a bundler moved, must be reported by code that is there already.
 */
const LOADER = `
import { workerData } from 'node:worker_threads';
const { file, port, memory } = workerData;
import(file).catch((error) => {
  port.postMessage({ unloadable: String(error?.message) });
  const counter = new Int32Array(memory);
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
});`;

function startWorker(url: URL, options: WorkerOptions): Worker {
  const { Worker } = builtin('node:worker_threads');
  return new Worker(url, options);
}

/**
 * Where the build (scripts/build.mjs) puts a file: beside the one that has this line. Found at the first
 * need, because a CommonJS bundle has no `import.meta.url`; and not by `new URL(file, import.meta.url)`,
 * for which bundlers copy the file without what it imports.
 */
function findFile(file: string): URL {
  const here: string | undefined = import.meta.url;
  if (!here) throw workerFileError('this bundle does not know where it is');
  const url = new URL(file, here.slice(0, here.lastIndexOf('/') + 1));
  if (url.protocol === 'file:' && !builtin('node:fs').existsSync(url)) {
    throw workerFileError(`${url.pathname} is missing`);
  }
  return url;
}

/** The flags of the process, unless Node would refuse them for a file: `node --input-type=module -e …`. */
function flags(): { execArgv?: string[] } {
  const { execArgv } = globalThis.process;
  return execArgv.some((flag) => flag.startsWith('--input-type')) ? { execArgv: [] } : {};
}
