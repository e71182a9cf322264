import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('let-go.mjs', import.meta.url));

it('streams that have ended are garbage, though the stacks of their errors refer to them', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
  const left: Record<string, number> = JSON.parse(stdout);
  expect(Object.keys(left)).toHaveLength(14);
  // The last one, with its signal, may be on the stack still.
  expect(Object.entries(left).filter(([, count]) => count > 2)).toEqual([]);
});
