import { fork } from 'node:child_process';
import { once } from 'node:events';

const folder = new URL('../processes/', import.meta.url);

/**
 * A child process that does one thing and then tells what it cost.
 * @returns its one message.
 * @throws when it ends without one.
 */
export async function runProcess(name, args, options) {
  const { child, message } = await startProcess(name, args, options);
  child.kill();
  return message;
}

/** A child process that goes on after its first message. @param options those of `fork`. */
export async function startProcess(name, args, options = {}) {
  const child = fork(new URL(`${name}.mjs`, folder), args.map(String), options);
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`the process "${name} ${args[0]}" ended with ${code} and told nothing`);
  });
  exit.catch(() => {}); // It ends after its message as well.
  const [message] = await Promise.race([once(child, 'message'), exit]);
  ended.abort();
  return { child, message };
}

/** A server in a process of its own, which is `child`; `url` is where it listens. */
export async function startServer(kind, settings = {}) {
  const { child, message } = await startProcess('server', [kind, JSON.stringify(settings)]);
  return {
    child,
    url: `${(settings.protocol ?? 'http') === 'http' ? 'http' : 'https'}://127.0.0.1:${message.port}`,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
