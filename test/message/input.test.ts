import { afterEach, describe, expect, it, vi } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import { MessageDraft } from '../../src/message/draft.js';
import { toolInput } from '../../src/message/tool-input.js';
import * as ev from './events.js';

afterEach(() => vi.restoreAllMocks());

const KINDS = ['tool_use', 'server_tool_use', 'mcp_tool_use'] as const;

/** A draft with one tool call, not finished, whose JSON came in these fragments. */
function calling(fragments: readonly string[], type: string = 'tool_use'): MessageDraft {
  const draft = new MessageDraft();
  draft.apply(ev.messageStart());
  draft.apply(ev.blockStart(0, { type, id: 'toolu_1', name: 'search', input: {} }));
  for (const fragment of fragments) draft.apply(ev.jsonDelta(0, fragment));
  return draft;
}

const inputOf = (draft: MessageDraft): unknown => draft.snapshot?.content[0]?.input;

/** The tool call as it is handed out. */
const blockOf = (draft: MessageDraft) => draft.block(0) as { type: string; input: unknown };

const FRAGMENTS = ['{"city": "Zür', 'ich", "days": 1', '2, "rows": [{"a": 1}, {"a"', ': 2}]}'];

describe.each(KINDS)('the input of %s while it streams', (type) => {
  it('is what its JSON says so far, at every fragment', () => {
    const draft = calling([], type);
    const seen = FRAGMENTS.map((fragment) => {
      draft.apply(ev.jsonDelta(0, fragment));
      return structuredClone(inputOf(draft));
    });
    expect(seen).toEqual([
      { city: 'Zür' },
      { city: 'Zürich' },
      { city: 'Zürich', days: 12, rows: [{ a: 1 }, {}] },
      { city: 'Zürich', days: 12, rows: [{ a: 1 }, { a: 2 }] },
    ]);
  });
});

describe('the live input', () => {
  it('is one object from the first look to the finished block', () => {
    const draft = calling(FRAGMENTS.slice(0, 1));
    const first = inputOf(draft);
    for (const fragment of FRAGMENTS.slice(1)) draft.apply(ev.jsonDelta(0, fragment));
    expect(inputOf(draft)).toBe(first);
    draft.apply(ev.blockStop(0));
    expect(inputOf(draft)).toBe(first);
    expect(toolInput(blockOf(draft)).status).toBe('complete');
  });

  it('is what the block started with as long as the JSON says nothing', () => {
    expect(inputOf(calling([]))).toEqual({});
    expect(inputOf(calling(['', ' ']))).toEqual({});
  });

  it('grows in every block that was handed out, looked at or not', () => {
    const draft = calling(FRAGMENTS.slice(0, 1));
    const unseen = blockOf(draft);
    draft.apply(ev.jsonDelta(0, ''));
    const seen = blockOf(draft);
    expect(seen.input).toEqual({ city: 'Zür' });
    draft.apply(ev.jsonDelta(0, ''));
    const afterwards = blockOf(draft);
    for (const fragment of FRAGMENTS.slice(1)) draft.apply(ev.jsonDelta(0, fragment));
    const blocks = [unseen, seen, afterwards, blockOf(draft)];
    const whole = JSON.parse(FRAGMENTS.join(''));
    expect(blocks.map(({ input }) => input)).toEqual(blocks.map(() => whole));
    expect(new Set(blocks).size).toBe(blocks.length);
  });

  it.each([
    ['it was not read', () => {}],
    ['it was read', inputOf],
  ])('is plain data where %s: own, enumerable, in a copy and in JSON', (_, look) => {
    const draft = calling(FRAGMENTS.slice(0, 1));
    look(draft);
    draft.apply(ev.jsonDelta(0, FRAGMENTS[1] as string));
    const block = blockOf(draft);
    const plain = {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'search',
      input: { city: 'Zürich' },
      inputState: {
        status: 'open',
        json: FRAGMENTS.slice(0, 2).join(''),
      },
    };
    expect(Reflect.ownKeys(block)).toEqual(Object.keys(plain));
    expect(Object.keys(block)).toEqual(Object.keys(plain));
    for (const copy of [block, { ...block }, structuredClone(block)]) {
      expect(copy).toStrictEqual(plain);
    }
    expect(JSON.stringify(block)).toBe(JSON.stringify(plain));
    // A cut call stays one, however it is copied.
    const copies = [{ ...block }, structuredClone(block), JSON.parse(JSON.stringify(block))];
    expect(copies.map((copy) => toolInput(copy).status)).toEqual(['cut', 'cut', 'cut']);
  });

  it.each([
    ['"te', 'te'],
    ['[1, 2', [1]],
    ['12 ', 12],
    ['null ', {}],
    ['', {}],
  ])('is what there is of it where it is no object: %s', (json, value) => {
    const draft = calling([json]);
    for (let looks = 0; looks < 3; looks++) {
      expect(inputOf(draft)).toEqual(value);
      draft.apply(ev.jsonDelta(0, ''));
    }
  });

  it('costs each fragment once, however often it is read', () => {
    const fed: string[] = [];
    const feed = JsonStream.prototype.feed;
    vi.spyOn(JsonStream.prototype, 'feed').mockImplementation(function (this: JsonStream, piece) {
      fed.push(piece);
      feed.call(this, piece);
    });
    const draft = calling([]);
    for (const fragment of FRAGMENTS) {
      draft.apply(ev.jsonDelta(0, fragment));
      for (let i = 0; i < 3; i++) JSON.stringify(inputOf(draft));
    }
    draft.apply(ev.blockStop(0));
    expect(inputOf(draft)).toEqual(JSON.parse(FRAGMENTS.join('')));
    expect(fed).toEqual(FRAGMENTS);
  });

  it('costs nothing for who does not look: no parsing before the stop, and then JSON.parse', () => {
    const feed = vi.spyOn(JsonStream.prototype, 'feed');
    const parse = vi.spyOn(JSON, 'parse');
    const draft = calling(FRAGMENTS);
    expect(draft.snapshot?.content[0]?.type).toBe('tool_use');
    expect(parse).not.toHaveBeenCalled();
    draft.apply(ev.blockStop(0));
    expect(toolInput(blockOf(draft)).status).toBe('complete');
    expect(parse).toHaveBeenCalledTimes(1);
    expect(feed).not.toHaveBeenCalled();
  });
});

describe('a finished input', () => {
  it.each([
    ['{"a": [1, 2', 'cut', { a: [1] }, /JSON|end|expected/],
    ['{"a": "b', 'cut', { a: 'b' }, /./],
    ['{"a": 1]', 'invalid', {}, /position 7/],
    ['{"a": 1} x', 'invalid', {}, /./],
    ['nope', 'invalid', {}, /./],
    ['{"a": tru', 'cut', {}, /./],
  ] as const)('%s is %s', (json, status, input, reason) => {
    for (const isWatched of [false, true]) {
      const draft = calling([]);
      for (const character of json) {
        draft.apply(ev.jsonDelta(0, character));
        if (isWatched) inputOf(draft);
      }
      draft.apply(ev.blockStop(0));
      const block = blockOf(draft);
      expect(block.input).toEqual(input);
      expect(toolInput(block)).toEqual({ status, json, reason: expect.stringMatching(reason) });
    }
  });

  it('too deep is invalid, looked at or not', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    for (const [depth, status] of [
      [512, 'complete'],
      [513, 'invalid'],
      [1_000_000, 'invalid'],
    ] as const) {
      for (const isWatched of [false, true]) {
        const draft = calling([nested(depth)]);
        if (isWatched) inputOf(draft);
        draft.apply(ev.blockStop(0));
        expect(toolInput(blockOf(draft)).status).toBe(status);
      }
    }
  });
});
