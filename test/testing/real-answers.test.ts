import { describe, expect, it } from 'vitest';
import { createEmulator, reply } from '../../src/testing/index.js';
import { readErrors, readRequests, TRUTH, type Truth } from './truth-table.js';

/** Quotes that a recorded request contradicts; and numbers that depend on how tokens are counted. */
const OUTDATED = new Set(['tool_use ids not unique', 'first turn assistant (old wording)']);

/** What differs between two true answers: counts of tokens, and lists of what exists that day. */
const toComparable = (message: string | undefined): string | undefined =>
  message?.replace(/: \d+ tokens/, ': N tokens').replace(/(expected tags: ).*/, '$1…');

async function judge({ path, headers, body, emulator }: Truth): Promise<object> {
  const { fetch } = createEmulator({ replies: [reply.text('Hello')], ...emulator });
  const response = await fetch(`http://emulator${path}`, { method: 'POST', headers, body });
  if (response.status === 200) return { status: 200, type: undefined, message: undefined };
  const { error } = await response.json();
  return { status: response.status, type: error.type, message: toComparable(error.message) };
}

const toExpected = ({ status, type, message }: Truth): object => ({
  status,
  type,
  message: toComparable(message),
});

if (TRUTH === undefined) {
  process.stderr.write('skipped: real answers of the API: MILLRACE_TRUTH names no folder\n');
}

describe.skipIf(TRUTH === undefined)('what the API answered', () => {
  const errors = TRUTH === undefined ? [] : readErrors();
  const requests = TRUTH === undefined ? [] : readRequests();

  it.each(errors.filter(({ name }) => !OUTDATED.has(name)))('quoted: $name', async (truth) => {
    expect(await judge(truth)).toEqual(toExpected(truth));
  });

  it.each(errors.filter(({ name }) => OUTDATED.has(name)))(
    'outdated, a recording shows: $name',
    async (truth) => {
      expect(await judge(truth)).toMatchObject({ status: 200 });
    },
  );

  it('recorded: every request', async () => {
    const wrong: object[] = [];
    for (const truth of requests) {
      const [judged, expected] = [await judge(truth), toExpected(truth)];
      if (JSON.stringify(judged) !== JSON.stringify(expected)) {
        wrong.push({ name: truth.name, judged, expected });
      }
    }
    expect(wrong).toEqual([]);
    expect(requests.length).toBeGreaterThan(300);
  });
});
