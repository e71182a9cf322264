import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a reader of a stream in another process saw. */
export interface Seen {
  events: string[];
  text: string;
  content: { type: string }[] | undefined;
  stop_reason: string | undefined;
  error:
    | { name: string; reason: string; requestId?: string; cause?: string; partial?: unknown }
    | undefined;
}

/** Another process with a relay; see member.mjs. */
export interface Member {
  process: ChildProcess;
  ask<T = Record<string, unknown>>(command: { do: string; [name: string]: unknown }): Promise<T>;
  /** Kills it, and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('member.mjs', import.meta.url));

export function startMember(options: Record<string, unknown>): Member {
  const flags = ['--unhandled-rejections=strict', SCRIPT, JSON.stringify(options)];
  const child = spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (answer: { answer?: unknown; error?: string }) => void>();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => {
    for (const answer of waiting.values()) answer({ error: 'the process is gone' });
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as { number: number; answer?: unknown; error?: string };
    waiting.get(answer.number)?.(answer);
  });
  let count = 0;
  return {
    process: child,
    ask: <T>(command: object): Promise<T> =>
      new Promise((resolve, reject) => {
        const number = ++count;
        waiting.set(number, ({ answer, error }) => {
          waiting.delete(number);
          if (error === undefined) resolve(answer as T);
          else reject(new Error(error));
        });
        child.stdin.write(`${JSON.stringify({ ...command, number })}\n`);
      }),
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended;
    },
  };
}
