import { afterEach, describe, expect, it, vi } from 'vitest';
import { JsonReader } from '../../src/json/json-reader.js';
import { MessageDraft } from '../../src/message/draft.js';
import { toolInput } from '../../src/message/tool-input.js';
import { soFar } from '../json/so-far.js';
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

const descriptorOf = (block: object): PropertyDescriptor | undefined =>
  Object.getOwnPropertyDescriptor(block, 'input');

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

/** What `inputJson` listeners and `liveInput` give. */
const liveOf = (draft: MessageDraft): unknown => draft.field(0, 'input');

describe('the live input', () => {
  it('is one object from the first look to the finished block', () => {
    const draft = calling(FRAGMENTS.slice(0, 1));
    const first = liveOf(draft);
    for (const fragment of FRAGMENTS.slice(1)) draft.apply(ev.jsonDelta(0, fragment));
    expect(liveOf(draft)).toBe(first);
    expect(first).toEqual(JSON.parse(FRAGMENTS.join('')));
    draft.apply(ev.blockStop(0));
    expect(liveOf(draft)).toBe(first);
    expect(inputOf(draft)).toBe(first);
    expect(toolInput(blockOf(draft)).status).toBe('complete');
  });

  it('is what the block started with before its first fragment, and nothing where there is no block', () => {
    expect(liveOf(calling([]))).toEqual({});
    expect(calling([]).field(1, 'input')).toBeUndefined();
  });
});

describe('the input in a block that was handed out', () => {
  it('is what the block started with as long as the JSON says nothing', () => {
    expect(inputOf(calling([]))).toEqual({});
    expect(inputOf(calling(['', ' ']))).toEqual({});
  });

  it('shares what has finished, and copies what is open', () => {
    const draft = calling(['{"a": [{"b": 1}], "rows": [{"c": 1}, {"c": 2']);
    const first = inputOf(draft) as Record<string, unknown[]>;
    draft.apply(ev.jsonDelta(0, '}, {'));
    const second = inputOf(draft) as typeof first;
    expect([first.a, first.rows?.[0]].map((value) => value !== undefined)).toEqual([true, true]);
    expect(second.a).toBe(first.a);
    expect(second.rows?.[0]).toBe(first.rows?.[0]);
    expect([first, second]).toEqual([
      { a: [{ b: 1 }], rows: [{ c: 1 }, {}] },
      { a: [{ b: 1 }], rows: [{ c: 1 }, { c: 2 }, {}] },
    ]);
  });

  const wide = JSON.stringify(
    Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])),
  );

  it('is made when it is read where it has many open fields, of what had come then', () => {
    const fragments = wide.match(/.{1,100}/g) ?? [];
    const draft = calling([]);
    const kept = fragments.map((fragment) => {
      draft.apply(ev.jsonDelta(0, fragment));
      return blockOf(draft);
    });
    const isAccessor = kept.map((block) => 'get' in (descriptorOf(block) ?? {}));
    expect(isAccessor[0]).toBe(false);
    expect(isAccessor.at(-2)).toBe(true);
    draft.apply(ev.blockStop(0));
    const unread = kept.at(-2) as (typeof kept)[number];
    const frozen = Object.freeze(kept.at(-3) as typeof unread);
    expect(Object.keys({ ...frozen }.input as object).length).toBeLessThan(300);
    expect(structuredClone(unread)).toStrictEqual({ ...unread });
    // Plain from the first read on.
    expect(descriptorOf(unread)).toMatchObject({ writable: true, value: unread.input });
    expect(unread.input).toBe(unread.input);
    expect(kept.map(({ input }) => input)).toEqual(
      kept.map((_, i) => soFar(fragments.slice(0, i + 1).join(''))),
    );
  });

  it('is made when it is read where the first look finds a long JSON', () => {
    const draft = calling([`{"a": "${'x'.repeat(70_000)}`]);
    const block = blockOf(draft);
    draft.apply(ev.jsonDelta(0, 'y"}'));
    expect('get' in (descriptorOf(block) ?? {})).toBe(true);
    expect(block.input).toEqual({ a: 'x'.repeat(70_000) });
    // Then it is read as it comes.
    expect((inputOf(draft) as { a: string }).a).toHaveLength(70_001);
    draft.apply(ev.jsonDelta(0, ' '));
    expect(descriptorOf(blockOf(draft))?.value).toEqual(inputOf(draft));
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
    const feed = JsonReader.prototype.feed;
    vi.spyOn(JsonReader.prototype, 'feed').mockImplementation(function (this: JsonReader, piece) {
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
    const feed = vi.spyOn(JsonReader.prototype, 'feed');
    const parse = vi.spyOn(JSON, 'parse');
    const draft = calling(FRAGMENTS);
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

it.each([undefined, null, '', [], {}, Number.POSITIVE_INFINITY])(
  'a start whose input is %j says nothing: without a stop, the stop reason decides',
  (input) => {
    for (const [stop_reason, isWhole] of [
      ['tool_use', true],
      ['end_turn', false],
    ] as const) {
      const message = ev.accumulated([
        ev.messageStart(),
        ev.blockStart(0, { ...ev.toolBlock, input }),
        ev.messageDelta({ stop_reason }),
        ev.messageStop,
      ]);
      expect('inputState' in (message.content[0] ?? {})).toBe(!isWhole);
    }
  },
);
