import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIUserAbortError, OverloadedError } from '../../src/errors.js';
import { type Inspected, inspectStream } from '../../src/stream/inspect-stream.js';
import { reply } from '../../src/testing/index.js';
import { served } from '../support/served.js';
import { all, clientOf, failure, PARAMS } from './support.js';

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

/** What console.log prints of it. */
const shown = (value: unknown): string => inspect(value, { showHidden: true, depth: 9 });

describe('console.log', () => {
  it('of a MessageStream shows how far it is', async () => {
    await using server = await served(reply.text('The secret is 42'));
    const stream = clientOf(server).messages.stream(PARAMS);
    expect(shown(stream)).toBe('MessageStream {"state":"idle"}');
    for await (const event of stream) {
      if (event.type !== 'content_block_stop') continue;
      expect(shown(stream)).toMatch(/^MessageStream {"state":"streaming","model":"claude-test",/);
    }
    expect(shown(stream)).toMatch(
      /^MessageStream {"state":"complete","model":"claude-test","requestId":"req_\w+","blocks":\["text\(16\)"\],"usage":{"input_tokens":\d+,.*}}$/,
    );
    expect(shown({ stream })).toContain(`stream: ${shown(stream)}`);
    const deno = Symbol.for('Deno.customInspect') as never;
    expect((stream[deno] as () => string)()).toBe(shown(stream));
    expect(Object.keys(stream)).toEqual([]);
  });

  it('of a MessageStream shows how it failed', async () => {
    await using server = await served(reply.error(529));
    const failed = clientOf(server).messages.stream(PARAMS);
    await failure(failed.untilDone());
    expect(shown(failed)).toMatch(
      /^MessageStream {"state":"failed","error":"OverloadedError","requestId":"req_\w+"}$/,
    );
    const closed = clientOf(server).messages.stream(PARAMS);
    closed.close();
    expect(shown(closed)).toBe('MessageStream {"state":"failed","error":"APIUserAbortError"}');
  });

  it('of a Stream shows where it is', async () => {
    await using server = await served(reply.text('The secret is 42'));
    const stream = await clientOf(server).messages.create({ ...PARAMS, stream: true });
    expect(shown(stream)).toMatch(/^Stream {"state":"streaming","requestId":"req_\w+"}$/);
    await all(stream);
    expect(shown(stream)).toMatch(/^Stream {"state":"complete","requestId":"req_\w+"}$/);
  });

  it('of a client shows no key', () => {
    const key = 'sk-ant-secret';
    const client = new Anthropic({ apiKey: key, defaultHeaders: { 'x-token': key } });
    expect(shown(client)).toMatch(/^Anthropic {/);
    expect(shown(client) + JSON.stringify(client)).not.toContain(key);
    expect(shown(client.messages.stream(PARAMS))).not.toContain(key);
  });
});
