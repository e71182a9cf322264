import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { APIUserAbortError, OverloadedError } from '../../src/errors.js';
import { type Inspected, inspectStream } from '../../src/stream/inspect-stream.js';

const usage = { input_tokens: 3, output_tokens: 5, server_tool_use: null };
const content = [
  { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
  { type: 'text', text: 'The secret is 42' },
  { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'the secret' } },
];
const snapshot = { id: 'msg_1', model: 'claude-opus-5-5', content, usage };
const known: Inspected = { ending: undefined, requestId: 'req_1', attempts: [{}], snapshot };
const none: Inspected = { ending: undefined, requestId: undefined, attempts: [] };

const PARTS =
  '"model":"claude-opus-5-5","requestId":"req_1",' +
  '"blocks":["thinking(3)","text(16)","tool_use"],' +
  '"usage":{"input_tokens":3,"output_tokens":5,"server_tool_use":null}';

// biome-ignore format: a table
const CASES: readonly [stream: Inspected, shown: string][] = [
  [none, 'X {"state":"idle"}'],
  [{ ...none, attempts: [{}] }, 'X {"state":"connecting"}'],
  [{ ...none, attempts: [{}], requestId: 'req_1' }, 'X {"state":"streaming","requestId":"req_1"}'],
  [{ ending: undefined, requestId: undefined }, 'X {"state":"streaming"}'],
  [known, `X {"state":"streaming",${PARTS}}`],
  [{ ...known, ending: { error: undefined } }, `X {"state":"complete",${PARTS}}`],
  [{ ...known, ending: { error: new APIUserAbortError() } }, `X {"state":"failed","error":"APIUserAbortError",${PARTS}}`],
  [{ ...none, ending: { error: new OverloadedError('busy', { requestId: 'req_2' }) } }, 'X {"state":"failed","error":"OverloadedError","requestId":"req_2"}'],
  [{ ...none, requestId: 'a\u001b[31m\nb' }, 'X {"state":"streaming","requestId":"a\\u001b[31m\\nb"}'],
  [{ ...known, snapshot: { content: [], usage: null } }, 'X {"state":"streaming","requestId":"req_1","blocks":[],"usage":null}'],
];

describe('inspectStream', () => {
  it.each(CASES)('%o', (stream, shown) => {
    expect(inspectStream('X', stream)).toBe(shown);
  });

  it('shows no text of the message', () => {
    expect(inspectStream('X', known)).not.toMatch(/secret|Hm|c2ln|look/);
    expect(inspect(known, { depth: 9 })).toMatch(/secret/); // It is there.
  });
});
