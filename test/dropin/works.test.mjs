/*
 * The libraries over millrace-anthropic-sdk, unchanged: what works, works; what is cut is an error.
 * MILLRACE_DROPIN=most-used tries the five most used only.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FAULTS } from './faults.mjs';
import { run } from './matrix.mjs';

const MOST_USED = [
  'sdk.mjs',
  'langchain.mjs',
  'llamaindex.mjs',
  'tanstack.mjs',
  'genkit.mjs',
  'pi.mjs',
];
const ALL = readdirSync(new URL('clients/', import.meta.url));
const files = process.env.MILLRACE_DROPIN === 'most-used' ? MOST_USED : ALL;

/** What a complete answer must survive, whatever the client does otherwise. */
const COMPLETE = [
  'none',
  'no fault, a tool call',
  'left-open',
  'json',
  'data-only',
  'crlf',
  'bom',
  'gzip',
  'cut@event:message_delta',
];
/** What must be an error. */
const BROKEN = [
  'cut@text',
  'cut@700',
  'reset@text',
  'error=overloaded_error@text',
  'status=400',
  'cut@tool_input',
];

/** What they do to an answer that isn't streamed: nothing, or it has no end. */
const STREAMED = ['cut@text', 'reset@text', 'error=overloaded_error@text', 'left-open'];

/** Where a library swallows the error that it got: nothing below it can change that. */
const HIDDEN = { 'Instructor, cut@tool_input': 'waits' };

const faults = FAULTS.filter(({ name }) => [...COMPLETE, ...BROKEN].includes(name));
const cells = (await run('dropin', { limit: 30_000, files, faults })).filter(
  ({ ownClient }) => !ownClient,
);

for (const name of new Set(cells.map(({ name }) => name))) {
  describe(name, () => {
    for (const { fault, outcome, value, isUnary } of cells.filter((cell) => cell.name === name)) {
      if (isUnary && STREAMED.includes(fault)) continue;
      const broken = HIDDEN[`${name}, ${fault}`] ?? 'error';
      const expected = BROKEN.includes(fault) ? broken : 'ok';
      it(`${fault}: ${expected}`, () => assert.equal(outcome, expected, String(value)));
    }
  });
}

describe('the installation', () => {
  const folder = new URL('.work/dropin/node_modules/', import.meta.url);
  const packages = readdirSync(folder, { recursive: true }).filter((path) =>
    path.endsWith('@anthropic-ai/sdk/package.json'),
  );

  it('has millrace under every library', () => {
    const names = packages.map(
      (path) => JSON.parse(readFileSync(new URL(path, folder), 'utf8')).name,
    );
    assert.deepEqual(names, ['millrace-anthropic-sdk']);
  });
});
