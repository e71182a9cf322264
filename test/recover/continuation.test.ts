import { describe, expect, it } from 'vitest';
import { MessageDraft } from '../../src/message/draft.js';
import type { UntypedBlock } from '../../src/message/untyped.js';
import { getContinuation } from '../../src/stream/recover/continuation.js';
import { type Params, restRequest } from '../../src/stream/recover/rest-request.js';
import { blockStart, blockStop, delta, messageStart } from '../contract/wire.js';

const text = (value: string): UntypedBlock => ({ type: 'text', text: value });
const thinking: UntypedBlock = { type: 'thinking', thinking: 'Hm.', signature: 'sig' };
const redacted: UntypedBlock = { type: 'redacted_thinking', data: 'x' };
const tool: UntypedBlock = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };
const search: UntypedBlock = {
  type: 'server_tool_use',
  id: 'srv_1',
  name: 'web_search',
  input: {},
};
const mcp: UntypedBlock = { type: 'mcp_tool_use', id: 'mcp_1', name: 'f', input: {} };
const found: UntypedBlock = { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [] };
const hello = text('Hello');

describe('what is kept of a broken message', () => {
  it.each<
    [what: string, content: UntypedBlock[], open: number | undefined, keep?: number, text?: number]
  >([
    ['a text in the making', [hello], 0, 1, 0],
    ['a text of which no word came', [text('')], 0, 1, 0],
    ['a text after thinking', [thinking, hello], 1, 2, 1],
    ['a finished text', [hello], undefined, 1],
    ['not thinking in the making', [thinking], 0, 0],
    ['not thinking that a turn would end in', [thinking], undefined, 0],
    ['not thinking right before thinking', [thinking, redacted, thinking], 2, 0],
    ['the text before thinking', [hello, thinking], 1, 1],
    ['the text before a tool call', [hello, tool], 1, 1],
    ['the text before thinking and a tool call', [hello, thinking, tool], 2, 1],
    ['nothing where only a tool call was in the making', [tool], 0, 0],
    ['nothing after a finished tool call', [hello, tool], undefined],
    ['nothing after parallel tool calls', [hello, tool, { ...tool, id: 'toolu_2' }], 2],
    ['nothing in a text after a tool call', [tool, hello], 1],
    ['a call of a server tool that has its result', [hello, search, found], undefined, 3],
    ['a text after a result', [search, found, hello], 2, 3, 2],
    ['not a call of a server tool without its result', [hello, search], undefined, 1],
    ['not a call of a server tool in the making', [hello, search], 1, 1],
    ['not a call whose result was in the making', [hello, search, found], 2, 1],
    ['not a call over MCP without its result', [mcp], undefined, 0],
    ['nothing of blocks that came at once', [hello, text('x')], 0],
    ['nothing', [], undefined, 0],
  ])('%s', (_, content, open, keep, text) => {
    expect(getContinuation({ content, open })).toEqual(
      keep === undefined ? undefined : { keep, text },
    );
  });
});

const asked = { role: 'user', content: 'Hi' };
const PARAMS: Params = { model: 'm', max_tokens: 5, messages: [asked], stream: true };

describe('with prefill, the rest is asked for by', () => {
  it.each<[what: string, kept: UntypedBlock[], answer: UntypedBlock[], whitespace?: string]>([
    ['the text so far', [hello], [hello]],
    ['the text without white space at its end', [text('Hello, \n')], [text('Hello,')], ' \n'],
    ['all blocks so far', [thinking, hello], [thinking, hello]],
    ['a result', [search, found], [search, found]],
    ['the blocks before white space', [text('Hi '), text('\n')], [text('Hi')], '\n'],
    ['no white space but that at the end', [text('a '), text('b ')], [text('a '), text('b')], ' '],
  ])('%s', (_, kept, content, whitespace = '') => {
    const before = structuredClone([PARAMS, kept]);
    expect(restRequest(PARAMS, kept, 'prefill')).toEqual({
      kind: 'prefill',
      params: { ...PARAMS, messages: [asked, { role: 'assistant', content }] },
      whitespace,
    });
    expect([PARAMS, kept]).toEqual(before);
  });

  it.each<[what: string, own: unknown, before: UntypedBlock[]]>([
    ['text', 'I say:', [text('I say:')]],
    ['blocks', [text('I'), text(' say:')], [text('I'), text(' say:')]],
  ])("the caller's own prefill as %s, and the text", (_, own, before) => {
    const params = { ...PARAMS, messages: [asked, { role: 'assistant', content: own }] };
    expect(restRequest(params, [hello], 'prefill').params.messages).toEqual([
      asked,
      { role: 'assistant', content: [...before, hello] },
    ]);
    expect(params.messages.at(-1)).toEqual({ role: 'assistant', content: own });
  });
});

describe('with instruct, the rest is asked for in a user turn', () => {
  it.each<[what: string, kept: UntypedBlock[], says: string]>([
    ['that quotes the end', [hello], 'was interrupted and ended with "Hello". Continue'],
    ['that keeps white space', [text('Hello \n')], 'ended with "Hello \\n". Continue'],
    ['that quotes no more than it takes', [text(`${'x'.repeat(300)}y`)], `"${'x'.repeat(199)}y"`],
    ['that quotes nothing of a result', [search, found], 'was interrupted. Continue'],
  ])('%s', (_, kept, says) => {
    const { kind, params, whitespace } = restRequest(PARAMS, kept, 'instruct');
    expect([kind, whitespace]).toEqual(['instruct', '']);
    expect(params).toEqual({
      ...PARAMS,
      messages: [
        asked,
        { role: 'assistant', content: kept },
        { role: 'user', content: expect.stringContaining(says) },
      ],
    });
  });
});

describe('where nothing can be sent along, everything is requested from scratch', () => {
  it.each<[what: string, kept: UntypedBlock[], whitespace: string]>([
    ['nothing is kept', [], ''],
    ['an empty text', [text('')], ''],
    ['white space', [text('\n\n')], '\n\n'],
    ['thinking and an empty text', [thinking, text('')], ''],
  ])('%s', (_, kept, whitespace) => {
    for (const mode of ['prefill', 'instruct'] as const) {
      expect(restRequest(PARAMS, kept, mode)).toEqual({
        kind: 'from-scratch',
        params: PARAMS,
        whitespace,
      });
    }
  });
});

it('leaves out a tool call that was cut, of a message that a stream made', () => {
  const draft = new MessageDraft();
  draft.apply(messageStart());
  draft.apply(blockStart(0, hello));
  draft.apply(blockStop(0));
  draft.apply(blockStart(1, { ...search }));
  draft.apply(delta(1, { type: 'input_json_delta', partial_json: '{"q' }));
  const kept = draft.snapshot?.content ?? [];
  const messages = [asked, { role: 'assistant', content: [hello] }];
  expect(restRequest(PARAMS, kept, 'prefill').params.messages).toEqual(messages);
});
