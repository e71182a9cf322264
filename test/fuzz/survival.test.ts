import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const RUNS = Number(process.env.MILLRACE_HOSTILE_RUNS ?? 500);
const SEED = process.env.MILLRACE_FUZZ_SEED ?? '20261128';
const FLAGS = ['--unhandled-rejections=strict', '--max-old-space-size=128'];

const script = fileURLToPath(new URL('survive.mjs', import.meta.url));

it(`a process with little memory survives ${RUNS} hostile streams of up to 8 MB`, async () => {
  const args = [...FLAGS, script, `${RUNS}`, SEED];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toMatchObject({ runs: RUNS, ends: { complete: expect.any(Number) } });
}, 900_000);
