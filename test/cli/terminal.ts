import { spawn, spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { type Command, cleanEnv, MAIN, watch } from './command.js';

/** The command on a terminal: stdout has all of its output. */
export interface InTerminal extends Command {
  /** Presses keys. */
  type: (keys: string) => void;
}

export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

/** The command line that runs another one on a new terminal, 80 characters wide. */
export function inTerminal(words: string[], redirect = ''): [program: string, ...args: string[]] {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const line = `stty cols 80 rows 24; exec ${quoted.join(' ')} ${redirect}`;
  return ['script', '-qfec', line, '/dev/null'];
}

/** Starts the built command on a new terminal, 80 characters wide. */
export function startInTerminal(
  args: string[],
  env: Record<string, string> = {},
  redirect = '',
): InTerminal {
  const [program, ...rest] = inTerminal([process.execPath, MAIN, ...args], redirect);
  const child = spawn(program, rest, {
    env: cleanEnv({ TERM: 'xterm', SHELL: '/bin/sh', ...env }),
  });
  return { ...watch(child), type: (keys) => void child.stdin.write(keys) };
}

/**
 * Tests that need a terminal, which `script` of util-linux creates. Without it they are skipped with a
 * notice; CI must have it.
 */
export function describeTerminal(what: string, tests: () => void): void {
  const isInstalled = spawnSync('script', ['-qfec', 'true', '/dev/null']).status === 0;
  if (!isInstalled && process.env.CI !== 'true') {
    process.stderr.write(`skipped: ${what}: script of util-linux is not installed\n`);
  }
  describe.skipIf(!isInstalled && process.env.CI !== 'true')(what, tests);
}
