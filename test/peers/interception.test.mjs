/*
 * Tools that replace or wrap `http.request` see the requests of the built package, over http and https, wherever
 * they are installed: the newest of each, and the newest that run on Node 20.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const PROGRAM = path('intercepted.mjs');
const NEWER_NODE = path('newest/node_modules/node24/bin/node');

const EDITIONS = [
  { edition: 'on this Node', node: process.execPath, modules: './modules.mjs' },
  { edition: 'newest, on Node 24', node: NEWER_NODE, modules: './newest/modules.mjs' },
];

for (const { edition, node, modules } of EDITIONS) {
  const isMissing = !existsSync(node) && !process.env.CI;
  const skip = isMissing && 'npm ci --prefix test/peers/newest brings them';
  for (const tool of ['msw', 'nock', 'opentelemetry']) {
    describe(`${tool}, ${edition}`, { skip }, () => seesRequests(tool, node, modules));
  }
}

function seesRequests(tool, node, modules) {
  for (const scheme of ['http', 'https']) {
    for (const when of ['before', 'after']) {
      it(`sees requests over ${scheme}, installed ${when} the import`, async () => {
        const args = [PROGRAM, modules, tool, scheme, when];
        const { stdout } = await promisify(execFile)(node, args);
        const { texts, seen, reached } = JSON.parse(stdout);
        // A tracer only watches. What is mocked must never reach the server.
        const isMock = tool !== 'opentelemetry';
        const text = isMock ? 'mocked' : 'served';
        assert.deepEqual(
          { texts, seen, reached },
          { texts: [text, text], seen: 2, reached: isMock ? 0 : 2 },
        );
      });
    }
  }
}
