import { Printer } from './printer.js';

/** The parts of the process that the command uses. Everything is printed by its two printers. */
export interface Terminal extends Pick<NodeJS.Process, 'env' | 'stdin' | 'on' | 'once' | 'off'> {
  readonly stdout: Printer;
  readonly stderr: Printer;
  /** Stops the process, as Ctrl-Z does, until its shell continues it. */
  suspend(): void;
}

export function toTerminal(process: NodeJS.Process): Terminal {
  const { env, stdin } = process;
  const stdout = new Printer(process.stdout, env);
  const stderr = new Printer(process.stderr, env);
  // The reader of a pipe can leave. What is written after that is lost; without a listener it would end
  // the process with a stack trace.
  for (const printer of [stdout, stderr]) printer.onBroken(() => {});
  return {
    env,
    stdin,
    stdout,
    stderr,
    suspend: () => process.kill(process.pid, 'SIGTSTP'),
    on: process.on.bind(process),
    once: process.once.bind(process),
    off: process.off.bind(process),
  };
}

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

/** Resolves at SIGINT or SIGTERM, the normal ways to end a server. */
export function untilStopped(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    terminal.on('SIGINT', resolve);
    terminal.on('SIGTERM', resolve);
  });
}
