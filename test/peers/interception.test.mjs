/*
 * Tools that replace or wrap `http.request` see the requests of the built package, over http and https, wherever
 * they are installed.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('intercepted.mjs', import.meta.url));

for (const tool of ['msw', 'nock', 'opentelemetry']) {
  describe(tool, () => {
    for (const scheme of ['http', 'https']) {
      for (const when of ['before', 'after']) {
        it(`sees requests over ${scheme}, installed ${when} the import`, async () => {
          const { stdout } = await promisify(execFile)(process.execPath, [
            PROGRAM,
            tool,
            scheme,
            when,
          ]);
          const { texts, seen } = JSON.parse(stdout);
          // The server that a tracer watches speaks no TLS.
          const isRefused = tool === 'opentelemetry' && scheme === 'https';
          const text = isRefused ? 'APIConnectionError' : 'mocked';
          assert.deepEqual(texts, [text, text]);
          assert.equal(seen >= 1, true);
        });
      }
    }
  });
}
