/** The parts of the process that the command uses. */
export type Terminal = Pick<NodeJS.Process, 'env' | 'stdin' | 'stdout' | 'stderr' | 'on' | 'off'>;

/** An environment variable; undefined if it is unset or blank, as the client reads it. */
export function readEnv({ env }: Terminal, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** All of stdin if it is a pipe; '' on a terminal. */
export async function readPiped(stdin: NodeJS.ReadStream): Promise<string> {
  if (stdin.isTTY) return '';
  stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of stdin) text += chunk;
  return text;
}

/**
 * Writes with backpressure: resolves once the stream can take more, so that a slow reader slows the
 * server. Also resolves if the stream closes or the signal aborts.
 */
export async function write(
  stream: NodeJS.WriteStream,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  if (stream.destroyed || stream.write(text) || signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
    signal?.addEventListener('abort', done);
  });
}
