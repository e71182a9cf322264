import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { built } from './build.mjs';

/** How long a program may take to end, once nothing is left to do. */
const LAST_MS = 10_000;

/** Runs the suite as a program that reports on its stdout. */
export const runProcess = (args) => async (program, addresses, report) => {
  const child = spawn(program, [...args, 'process.mjs', JSON.stringify(addresses)], {
    cwd: built,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  let last;
  for await (const line of createInterface({ input: child.stdout })) {
    const result = JSON.parse(line);
    if (result !== 'end') report(result);
    // What keeps it alive now, such as a timer, would keep a user's program alive.
    else last = setTimeout(() => child.kill('SIGKILL'), LAST_MS);
  }
  const code = await ended;
  clearTimeout(last);
  if (code !== 0) throw new Error(`it ended with ${code}`);
};
