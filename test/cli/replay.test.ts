import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './command.js';

const events = [
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'Recorded — once.' },
  },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 4 },
  },
  { type: 'message_stop' },
];
const lines = `${events.map((event) => JSON.stringify(event)).join('\n')}\n`;
const sse = events
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('');

/** An exchange as `millrace record` writes it. */
function exchange(status: number, type: string, ...body: object[]): string {
  const kept = [
    { request: { method: 'POST', path: '/v1/messages', headers: {}, body: {} } },
    { response: { status, headers: { 'content-type': type } } },
    ...body,
  ];
  return kept.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const half = sse.slice(0, sse.indexOf('event: content_block_stop'));
const end = { at: 30, end: 'complete' };
const refusal = '{"type":"error","error":{"type":"not_found_error","message":"model: x"}}';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const ONCE = 'Recorded — once.\n';

it.each([
  ['JSON lines', lines, ONCE],
  ['raw SSE', sse, ONCE],
  ['several responses', lines + lines, ONCE + ONCE],
  ['an exchange', exchange(200, 'text/event-stream', { at: 10, text: sse }, end), ONCE],
  [
    'an exchange in pieces',
    exchange(
      200,
      'text/event-stream',
      { at: 10, text: half },
      { at: 20, text: sse.slice(half.length) },
      end,
    ),
    ONCE,
  ],
])('plays %s', async (name, content, expected) => {
  for (const more of [[], ['--timing']]) {
    const { code, stdout } = await run(['replay', ...more, file(name, content)]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expected });
  }
});

it('plays one file after the other, in the requested format', async () => {
  const { stdout } = await run(['replay', '--json', file('a', lines), file('b', sse)]);
  const [first, second] = stdout.split(/(?<=^\})\n/m).map((json) => JSON.parse(json || 'null'));
  expect(first.content).toEqual([{ type: 'text', text: 'Recorded — once.' }]);
  expect(second).toEqual(first);
});

it.each([
  ['an empty file', '', 'it contains no events'],
  [
    'a line that is not an event',
    '{"type":"ping"}\n{"a":1}\n',
    'event 2 is not a JSON object with a type',
  ],
  [
    'an exchange without an end',
    exchange(200, 'text/event-stream'),
    'it has no response, or no end',
  ],
])('rejects %s', async (name, content, said) => {
  const path = file(name, content);
  const { code, stderr } = await run(['replay', path]);
  expect(code).toBe(2);
  expect(stderr).toContain(`millrace: ${path}: `);
  expect(stderr).toContain(said);
});

it.each([
  [[], 'name a recording: millrace replay recording.jsonl'],
  [['nowhere'], 'nowhere: ENOENT'],
])('rejects %j', async (args, said) => {
  const { code, stderr } = await run(['replay', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
});

it.each([
  ['events', lines.split('\n').slice(0, 3).join('\n')],
  [
    'an exchange',
    exchange(200, 'text/event-stream', { at: 1, text: half }, { at: 2, end: 'broken' }),
  ],
])('reports that %s were cut off, and prints what has arrived', async (name, content) => {
  const { code, stdout, stderr } = await run(['replay', file(`cut ${name}`, content)]);
  expect({ code, stdout }).toEqual({ code: 9, stdout: ONCE });
  expect(stderr).toContain('StreamTruncatedError');
});

it('fails like the recorded request', async () => {
  const kept = exchange(404, 'application/json', { at: 1, text: refusal }, end);
  const { code, stderr } = await run(['replay', file('refused', kept)]);
  expect(code).toBe(3);
  expect(stderr).toContain('NotFoundError');
});

it('reads a recording from stdin', async () => {
  const { code, stdout } = await run(['replay', '-'], {}, lines);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Recorded — once.\n' });
});
