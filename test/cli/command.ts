import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a run of the command ended. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command in a process of its own, its streams piped. */
export interface Command {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves when stdout holds the text. */
  printed: (text: string) => Promise<void>;
}

/** Starts the built command, with nothing of this environment's keys. */
export function start(args: string[], env: Record<string, string> = {}, input = ''): Command {
  const {
    ANTHROPIC_API_KEY: _,
    ANTHROPIC_AUTH_TOKEN: __,
    ANTHROPIC_BASE_URL: ___,
    ...rest
  } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env: { ...rest, ...env } });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  child.stdin.end(input);
  return {
    child,
    finished: new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, ...output }));
    }),
    printed: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!output.stdout.includes(text)) return;
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
        look();
      }),
  };
}

/** Runs the built command to its end. */
export const run = (
  args: string[],
  env?: Record<string, string>,
  input?: string,
): Promise<Finished> => start(args, env, input).finished;
