import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as nodeTest from 'node:test';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { TestHooks } from '../../src/testing/index.js';
import { PARAMS } from './ask.js';

it('useEmulator() runs in node:test: a server for each test, closed after it', async () => {
  const hooks: TestHooks = nodeTest; // They fit.
  expect(hooks.beforeEach).toBeTypeOf('function');
  const file = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'app.test.mjs');
  writeFileSync(file, NODE_TESTS);
  const run = promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], {
    // Otherwise it would report to this runner, which it takes for its parent.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  const { code, stdout } = await run.catch((error) => error);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ *ok 1 - sends a request$/m);
  expect(stdout).toMatch(/^ *ok 2 - has a new server, and the one before is closed$/m);
  expect(stdout).toMatch(/^ *not ok 3 - leaves a reply unused$/m);
  expect(stdout).toContain('unused replies: 1\n');
});

const NODE_TESTS = `
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { reply, useEmulator } from '${new URL('../../dist/testing.js', import.meta.url)}';

const api = useEmulator({ beforeEach, afterEach }, { assertDone: true });
const ask = (url) => fetch(url + '/v1/messages', {
  method: 'POST',
  headers: { 'x-api-key': 'test', 'anthropic-version': '2026-10-21' },
  body: JSON.stringify(${JSON.stringify(PARAMS)}),
});
let before;

it('sends a request', async () => {
  api.script([reply.text('Hello')]);
  before = api.url;
  assert.equal((await (await ask(before)).json()).content[0].text, 'Hello');
});

it('has a new server, and the one before is closed', async () => {
  assert.equal(api.emulator.requests.length, 0);
  if (before !== api.url) await assert.rejects(ask(before), TypeError);
});

it('leaves a reply unused', () => api.script([reply.text('left over')]));
`;
