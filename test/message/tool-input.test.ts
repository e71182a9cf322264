import { describe, expect, it } from 'vitest';
import { MessageDraft } from '../../src/message/draft.js';
import { type ToolInput, toolInput } from '../../src/message/tool-input.js';
import type { UntypedBlock, UntypedEvent } from '../../src/message/untyped.js';
import * as ev from './events.js';

const inputOf = (block: UntypedBlock | undefined): ToolInput =>
  toolInput(block as UntypedBlock & { input: unknown });

const withInput: UntypedBlock = { ...ev.toolBlock, input: { given: 1 } };

describe('a tool block that has stopped', () => {
  const cases: readonly [
    status: string,
    json: string,
    fragments: string[],
    start?: UntypedBlock,
  ][] = [
    ['complete', '{"a":[1,null]}', ['{"a":', ' [1, n', 'ull]}']],
    ['complete', '"a"', ['"a"']],
    ['complete', '{}', ['']],
    ['complete', '{}', ['', '']],
    ['complete', '{"given":1}', ['', ''], withInput],
    ['complete', '{}', []],
    ['complete', '{"given":1}', [], withInput],
    ['cut', '{', ['{']],
    ['cut', '{"a": "x', ['{"a": ', '"x']],
    ['cut', '{"a": "\\"}', ['{"a": "\\"}']],
    ['cut', '{"a": ["}", {"b": 1}', ['{"a": ["}", {"b": 1}']],
    ['cut', '{"a": tr', ['{"a": tr']],
    ['cut', '{"a"', ['{"a"'], withInput],
    ['invalid', '{"a": }', ['{"a": }']],
    ['invalid', '{"a": "x" "{"}', ['{"a": "x" "{"}']],
    ['invalid', '{"a": 1}}', ['{"a": 1}', '}']],
    ['invalid', '{} {}', ['{} {}']],
    ['invalid', '{"a": "\n"}', ['{"a": "\n"}']],
    ['invalid', 'nope', ['nope']],
  ];
  it.each(cases)('%s: %s of %j', (status, json, fragments, start = ev.toolBlock) => {
    const deltas = fragments.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    const { reason, ...state } = inputOf(ev.blockOf(start, ...deltas));
    expect(state).toEqual({ status, json });
    expect(typeof reason).toBe(status === 'complete' ? 'undefined' : 'string');
  });
});

describe('a tool block that has not stopped', () => {
  it.each([
    ['', []],
    ['', ['']],
    ['{"a":', ['{"a"', ':']],
    ['{"a":1}', ['{"a":1}']],
  ])('is cut: %s', (json, fragments) => {
    const events = [ev.messageStart(), ev.blockStart(0, ev.toolBlock)];
    const { content } = ev.accumulated([
      ...events,
      ...fragments.map((part) => ev.jsonDelta(0, part)),
    ]);
    expect(inputOf(content[0])).toEqual({ status: 'cut', json, reason: 'not finished' });
  });
});

it.each([
  ['complete', 'tool_use'],
  ['cut', 'end_turn'],
  ['cut', 'max_tokens'],
])(
  'a call that never stops, and of which no input arrived, is %s after %s',
  (status, stop_reason) => {
    for (const index of [0, 1]) {
      const { content } = ev.accumulated([
        ev.messageStart(),
        ev.blockStart(0, ev.toolBlock),
        // At the same index: by a server that counts from 0 again.
        ...ev.block(index, ev.textBlock, { type: 'text_delta', text: 'a' }),
        ev.messageDelta({ stop_reason }),
        ev.messageStop,
      ]);
      expect(inputOf(content[0]).status).toBe(status);
      expect(content[1]).toMatchObject({ type: 'text', text: 'a' });
    }
  },
);

it('what was handed out before the end stays cut', () => {
  for (const fragments of [[], ['{"a":', '1}']]) {
    const draft = new MessageDraft();
    const taken: (UntypedBlock | undefined)[] = [];
    const apply = (event: UntypedEvent): void => {
      draft.apply(event);
      taken.push(draft.block(0));
    };
    const start = ev.blockStart(0, ev.toolBlock);
    draft.apply(ev.messageStart());
    apply(start);
    for (const part of fragments) apply(ev.jsonDelta(0, part));
    const json = taken.map((block) => inputOf(block).json);
    draft.apply(ev.blockStop(0));
    expect(inputOf(draft.block(0)).status).toBe('complete');
    expect(taken.map((block) => inputOf(block))).toEqual(
      json.map((part) => ({ status: 'cut', json: part, reason: 'not finished' })),
    );
  }
});

it('a server cannot make a call look cut, or whole', () => {
  for (const inputState of [{ status: 'cut', json: '{' }, { status: 'complete', json: '{}' }, 1]) {
    const start = { ...ev.toolBlock, inputState };
    const whole = ev.blockOf(start, { type: 'input_json_delta', partial_json: '{"a":1}' });
    expect(whole).toEqual({ ...ev.toolBlock, input: { a: 1 } });
    expect(ev.blockOf(start)).toEqual(ev.toolBlock);
    const open = ev.accumulated([ev.messageStart(), ev.blockStart(0, start)]).content[0];
    expect(inputOf(open)).toEqual({ status: 'cut', json: '', reason: 'not finished' });
    const cut = ev.blockOf(start, { type: 'input_json_delta', partial_json: '{' });
    expect(inputOf(cut).status).toBe('cut');
  }
});

it.each([1, null, 'cut', {}, { status: 'brand_new', json: '' }, { status: 'cut' }])(
  'a field of that name that is no state says nothing: %j',
  (inputState) => {
    const block = { input: { a: 1 }, inputState };
    expect(toolInput(block)).toEqual({ status: 'complete', json: '{"a":1}' });
  },
);

it('takes blocks that came otherwise at their word', () => {
  expect(toolInput({ input: { a: 1 } })).toEqual({ status: 'complete', json: '{"a":1}' });
  expect(toolInput({ input: undefined })).toEqual({ status: 'complete', json: '' });
  const whole = ev.accumulated([ev.messageStart({ content: [{ ...ev.toolBlock }] })]);
  expect(inputOf(whole.content[0])).toEqual({ status: 'complete', json: '{}' });
});

it('keeps complete blocks plain: nothing but API data in them', () => {
  const block = ev.blockOf(ev.toolBlock, { type: 'input_json_delta', partial_json: '{"a":1}' });
  expect(Reflect.ownKeys(block ?? {})).toEqual(['type', 'id', 'name', 'input']);
});
