/** What the command needs of the process it runs in. */
export type Terminal = Pick<NodeJS.Process, 'env' | 'stdin' | 'stdout' | 'stderr' | 'on' | 'off'>;

/** An environment variable; undefined if it is unset or blank, as the client reads it. */
export function readEnv({ env }: Terminal, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** All of stdin where something is piped in; '' on a terminal. */
export async function readPiped(stdin: NodeJS.ReadStream): Promise<string> {
  if (stdin.isTTY) return '';
  stdin.setEncoding('utf8');
  let text = '';
  for await (const piece of stdin) text += piece;
  return text;
}

/**
 * Resolves when the stream can take more, so that a slow reader of ours slows the server; or when it
 * never will, or nobody wants to wait any longer.
 */
export async function write(
  stream: NodeJS.WriteStream,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  if (stream.destroyed || stream.write(text) || signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      stream.off('drain', go);
      stream.off('close', go);
      signal?.removeEventListener('abort', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
    signal?.addEventListener('abort', go);
  });
}
