import { describe, expect, it } from 'vitest';
import { toMessageParam } from '../../src/message/to-message-param.js';
import type { UntypedBlock, UntypedEvent } from '../../src/message/untyped.js';
import type { Message } from '../../src/wire/message.js';
import * as ev from './events.js';

const paramOf = (content: readonly UntypedBlock[], stop_reason: string | null = 'end_turn') =>
  toMessageParam({ content: content as unknown as Message['content'], stop_reason });

const streamed = (events: UntypedEvent[], stop_reason: string | null) =>
  paramOf(ev.accumulated([ev.messageStart(), ...events]).content, stop_reason);

const SIGNATURE = 'EqQBCkYIBRgCKkA+/=\u00e9 \n';
const text: UntypedBlock = { type: 'text', text: 'Hello', citations: null };
const thinking: UntypedBlock = { type: 'thinking', thinking: '', signature: SIGNATURE };
const tool: UntypedBlock = { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } };
const search: UntypedBlock = { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} };
const result: UntypedBlock = { type: 'web_search_tool_result', tool_use_id: 's1', content: [] };
const mcp: UntypedBlock = {
  type: 'mcp_tool_use',
  id: 'm1',
  name: 'f',
  server_name: 's',
  input: {},
};
const mcpResult: UntypedBlock = {
  type: 'mcp_tool_result',
  tool_use_id: 'm1',
  is_error: false,
  content: '',
};
const advisor: UntypedBlock = { type: 'server_tool_use', id: 'a1', name: 'advisor', input: {} };
const advice: UntypedBlock = {
  type: 'advisor_tool_result',
  tool_use_id: 'a1',
  content: { type: 'x' },
};
const unknown: UntypedBlock = { type: 'brand_new', text: '' };
const redacted: UntypedBlock = { type: 'redacted_thinking', data: 'x' };
const compaction: UntypedBlock = { type: 'compaction', content: null };

type Case = [what: string, content: UntypedBlock[], kept: UntypedBlock[], stop?: string | null];

describe('finished blocks', () => {
  const cases: readonly Case[] = [
    [
      'all that can be sent',
      [thinking, redacted, text, tool, compaction, unknown],
      [thinking, redacted, text, tool, compaction, unknown],
    ],
    ['no empty text', [{ type: 'text', text: '' }, text, { type: 'text', text: ' \n\t' }], [text]],
    ['text with space around', [{ type: 'text', text: ' a ' }], [{ type: 'text', text: ' a ' }]],
    [
      'no thinking without a signature',
      [{ ...thinking, signature: '' }, { type: 'thinking', thinking: 'x' }, text],
      [text],
    ],
    [
      'server tools with their results',
      [search, result, mcp, mcpResult, advisor, advice],
      [search, result, mcp, mcpResult, advisor, advice],
    ],
    ['no server tool without its result', [text, search, mcp, advisor], [text]],
    ['no server tool without its result, in a cut message', [text, search, mcp], [text], null],
    ['nor where max_tokens cut it', [text, search], [text], 'max_tokens'],
    [
      'an open server tool where the API paused',
      [text, search, mcp],
      [text, search, mcp],
      'pause_turn',
    ],
    ['an open server tool whose code calls ours', [search, tool], [search, tool], 'tool_use'],
    ['nothing, where nothing can be sent', [{ type: 'text', text: '' }], []],
    ['a last call where the API paused', [text, tool], [text, tool], 'pause_turn'],
    [
      'a last call of a broken stream, which would mark a cut one',
      [text, tool],
      [text, tool],
      null,
    ],
    ...(['max_tokens', 'model_context_window_exceeded', 'refusal', 'brand_new'] as const).map(
      (stop): Case => [
        `no last call that ${stop} may have cut`,
        [tool, text, { ...tool, id: 'toolu_2' }],
        [tool, text],
        stop,
      ],
    ),
    ['a call before the last block, which has stopped', [tool, text], [tool, text], 'max_tokens'],
  ];
  it.each(cases)('%s', (_, content, kept, stop = 'end_turn') => {
    const param = paramOf(content, stop);
    expect(param).toEqual({ role: 'assistant', content: kept });
    // Not touched, not copied.
    for (const block of param.content) expect(content).toContain(block);
  });
});

describe('streamed blocks', () => {
  const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });
  const hello = ev.block(0, ev.textBlock, { type: 'text_delta', text: 'Hello' });
  const cases: readonly [
    what: string,
    events: UntypedEvent[],
    kept: UntypedBlock[],
    stop: string | null,
  ][] = [
    ['a whole tool call', ev.block(1, ev.toolBlock, json('{"a":1}')), [tool], 'tool_use'],
    [
      'a tool call without arguments',
      ev.block(1, ev.toolBlock, json('')),
      [ev.toolBlock],
      'tool_use',
    ],
    [
      'no unfinished tool call',
      [ev.blockStart(1, ev.toolBlock), ev.jsonDelta(1, '{"a":1}')],
      [],
      null,
    ],
    ['none that max_tokens cut', ev.block(1, ev.toolBlock, json('{"a":')), [], 'max_tokens'],
    ['none that is not JSON', ev.block(1, ev.toolBlock, json('{"a":}')), [], 'tool_use'],
    ['no unfinished server tool, even in a pause', [ev.blockStart(1, search)], [], 'pause_turn'],
    ['no unfinished MCP tool', [ev.blockStart(1, mcp)], [], 'pause_turn'],
    [
      'unfinished text',
      [ev.blockStart(1, ev.textBlock), ev.textDelta(1, 'a')],
      [{ ...text, text: 'a' }],
      null,
    ],
    [
      'no thinking whose signature has not come',
      [ev.blockStart(1, ev.thinkingBlock), ev.thinkingDelta(1, 'a')],
      [],
      null,
    ],
    [
      'thinking with its signature to the byte',
      [ev.blockStart(1, ev.thinkingBlock), ev.signatureDelta(1, SIGNATURE)],
      [thinking],
      null,
    ],
  ];
  it.each(cases)('%s', (_, events, kept, stop) => {
    expect(streamed([...hello, ...events], stop)).toEqual({
      role: 'assistant',
      content: [text, ...kept],
    });
  });
});

it('sends no call that was cut, however the message was copied', () => {
  const events = [
    ev.messageStart(),
    ...ev.block(0, ev.textBlock, { type: 'text_delta', text: 'Hello' }),
    ...ev.block(1, ev.toolBlock, { type: 'input_json_delta', partial_json: '{"a":' }),
  ];
  for (const stop_reason of ['tool_use', 'max_tokens', null]) {
    const message = ev.accumulated([...events, ev.messageDelta({ stop_reason })]);
    const shallow = { ...message, content: message.content.map((block) => ({ ...block })) };
    for (const copy of [
      message,
      shallow,
      structuredClone(message),
      JSON.parse(JSON.stringify(message)),
    ]) {
      expect(toMessageParam(copy)).toEqual({ role: 'assistant', content: [text] });
    }
  }
});
