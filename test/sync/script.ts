import { type ChildProcess, spawn } from 'node:child_process';
import { inTerminal } from '../cli/terminal.js';

/** How a script ended. */
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A script in a process of its own. */
export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves when stdout holds the text. */
  printed: (text: string) => Promise<void>;
}

/** Where the built entry is. */
export const SYNC: string = new URL('../../dist/sync.js', import.meta.url).href;

const PRELUDE = `
import { AnthropicError, APIConnectionError } from '${new URL('../../dist/index.js', import.meta.url)}';
import { SyncAnthropic } from '${SYNC}';
const PARAMS = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
`;

/**
 * Runs code in which SyncAnthropic, two classes of errors and PARAMS are there.
 * @param preload CommonJS that every thread of the process runs first.
 */
export function script(code: string, env: Record<string, string> = {}, preload?: string): Running {
  const preloaded =
    preload === undefined
      ? {}
      : {
          NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import=data:text/javascript,${encodeURIComponent(preload)}`,
        };
  return run([process.execPath, ...evaluated(code)], { ...env, ...preloaded });
}

/** The same on a terminal, whose keyboard is `child.stdin`. */
export function scriptInTerminal(code: string, env: Record<string, string>): Running {
  return run(inTerminal([process.execPath, ...evaluated(code)]), { ...env, SHELL: '/bin/sh' });
}

const evaluated = (code: string): string[] => ['--input-type=module', '--eval', PRELUDE + code];

/** Node's REPL, whose input is `child.stdin`. */
export function repl(env: Record<string, string>): Running {
  return run([process.execPath, '--interactive'], { ...env, NODE_DISABLE_COLORS: '1' });
}

/** One that hangs must not outlive the tests. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function run([program = '', ...args]: string[], env: Record<string, string>): Running {
  const child = spawn(program, args, {
    env: { ...process.env, ANTHROPIC_API_KEY: 'key', ...env },
  });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return {
    child,
    finished: new Promise((resolve) => {
      child.on('close', (code, signal) => {
        children.delete(child);
        resolve({ code, signal, ...output });
      });
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
