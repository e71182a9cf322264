import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MAIN: string = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The result of a run of the command. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A running command. */
export interface Command {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves with the match once stdout contains the text or matches the expression. */
  printed: (text: string | RegExp) => Promise<RegExpExecArray>;
}

/** In place of the home folder of who runs the tests. */
export const HOME: string = mkdtempSync(join(tmpdir(), 'millrace-home-'));

/** The environment without API keys and settings. */
export function cleanEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const {
    ANTHROPIC_API_KEY: _,
    ANTHROPIC_AUTH_TOKEN: __,
    ANTHROPIC_BASE_URL: ___,
    NO_COLOR: ____,
    XDG_DATA_HOME: _____,
    XDG_CONFIG_HOME: ______,
    ...rest
  } = process.env;
  const ours = Object.entries(rest).filter(([name]) => !name.startsWith('MILLRACE_'));
  return { ...Object.fromEntries(ours), HOME, ...more };
}

/** Starts the built command with piped streams. */
export function start(args: string[], env: Record<string, string> = {}, input = ''): Command {
  const child = spawn(process.execPath, [MAIN, ...args], { env: cleanEnv(env) });
  child.stdin.end(input);
  return watch(child);
}

/** Runs the built command to its end. */
export const run = (
  args: string[],
  env?: Record<string, string>,
  input?: string,
): Promise<Finished> => start(args, env, input).finished;

export function watch(child: ChildProcess): Command {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const printed = (text: string | RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = (): void => {
        const match = toExpression(text).exec(output.stdout);
        if (match === null) return;
        child.stdout?.off('data', look);
        resolve(match);
      };
      child.stdout?.on('data', look);
      look();
    });
  return {
    child,
    finished: new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, ...output }));
    }),
    printed,
  };
}

function toExpression(text: string | RegExp): RegExp {
  return typeof text === 'string' ? new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')) : text;
}
