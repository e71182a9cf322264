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
          const { texts, seen, reached } = JSON.parse(stdout);
          // A tracer only watches. What is mocked must never reach the server.
          const isMock = tool !== 'opentelemetry';
          const text = isMock ? 'mocked' : 'served';
          assert.deepEqual(
            { texts, seen, reached },
            {
              texts: [text, text],
              seen: 2,
              reached: isMock ? 0 : 2,
            },
          );
        });
      }
    }
  });
}
