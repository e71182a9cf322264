import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { countCharacters } from '../../src/message/count-characters.js';
import { deltasBetween } from '../../src/message/deltas-between.js';
import {
  BLOCKS,
  DELTA_ROWS,
  DELTAS,
  type DeltaKind,
  type StringDeltaKind,
} from '../../src/message/kinds.js';
import { toEvents } from '../../src/message/to-events.js';
import type {
  UntypedBlock,
  UntypedDelta,
  UntypedEvent,
  UntypedMessage,
} from '../../src/message/untyped.js';
import { Emitter } from '../../src/stream/emitter.js';
import { EventBacklog } from '../../src/stream/event-backlog.js';
import { emitEvent, pulls } from '../../src/stream/listeners.js';
import { parseDelta, parseEvent } from '../../src/stream/parse-event.js';
import { pack, unpack } from '../../src/sync/delta-batch.js';
import { toMessageEvents } from '../../src/testing/script/to-message-events.js';
import type { BetaContentBlockDelta } from '../../src/wire/beta.js';
import type { UnknownType } from '../../src/wire/open.js';
import * as ev from './events.js';

/* Kinds that no API has, in the table alone: all the rest must derive from it. */
vi.mock('../../src/message/kinds.js', async (original) => {
  const kinds = await original<typeof import('../../src/message/kinds.js')>();
  const audio: StringDeltaKind = {
    type: 'audio_delta',
    brings: 'samples',
    fills: 'audio',
    join: 'append',
    listener: 'audio',
    make: (samples) => ({ type: 'audio_delta', samples }),
  };
  const others: DeltaKind[] = [
    { type: 'chord_delta', brings: 'chord', fills: 'chords', join: 'push', listener: 'chord' },
    { type: 'key_delta', brings: 'key', fills: 'tonality', join: 'replace', listener: 'tonality' },
    {
      type: 'tempo_delta',
      brings: 'beats',
      fills: 'tempo',
      join: 'replace',
      isNullable: true,
      also: ['swing'],
    },
  ];
  const rows = [audio, ...others].map((row) => [row.type, row] as const);
  return {
    ...kinds,
    DELTAS: new Map([...kinds.DELTAS, ...rows]),
    STRING_DELTAS: new Map([...kinds.STRING_DELTAS, [audio.type, audio]]),
    BLOCKS: new Map([...kinds.BLOCKS, ['song', { deltas: rows.map(([type]) => type) }]]),
  };
});

afterEach(() => vi.restoreAllMocks());

type KnownType = Exclude<BetaContentBlockDelta['type'], UnknownType>;

/** The types know a delta exactly where the table does. */
type Row = (typeof DELTA_ROWS)[number]['type'];
expectTypeOf<Row>().toEqualTypeOf<KnownType>();

interface Sample {
  /** What three deltas bring. */
  values: readonly unknown[];
  /** What the block has then. */
  filled: unknown;
  /** What its start has. */
  empty: unknown;
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  append: { values: ['Hm,', ' "Zürich"', ' \n'], filled: 'Hm, "Zürich" \n', empty: '' },
  json: { values: ['{"a":', '[1,"b', '"]}'], filled: { a: [1, 'b'] }, empty: {} },
  push: {
    values: [{ n: 1 }, { n: 2 }, { n: 3 }],
    filled: [{ n: 1 }, { n: 2 }, { n: 3 }],
    empty: null,
  },
  replace: { values: ['a', 'b', 'c'], filled: 'c', empty: null },
};

const rows = [...DELTAS].map(([type, kind]) => {
  const [blockType] = [...BLOCKS].find(([, { deltas }]) => deltas.includes(type)) ?? [];
  const { values, filled, empty } = SAMPLES[kind.join] as Sample;
  const start: UntypedBlock = {
    type: String(blockType),
    ...(blockType === 'tool_use' ? { id: 'toolu_1' } : {}),
    [kind.fills]: kind.join === 'replace' && !kind.isNullable ? '' : empty,
  };
  const also = Object.fromEntries((kind.also ?? []).map((field) => [field, 'o']));
  const deltas = values.map((value) => ({ type, [kind.brings]: value, ...also }));
  const block = { ...start, [kind.fills]: filled, ...also };
  return { type, kind, blockType, start, deltas, block };
});

const streamOf = (start: UntypedBlock, deltas: readonly UntypedDelta[]): UntypedEvent[] => [
  ev.messageStart(),
  ...ev.block(0, start, ...deltas),
  ev.messageDelta({ stop_reason: 'end_turn', stop_sequence: null }, { output_tokens: 2 }),
  ev.messageStop,
];

const deltasIn = (events: Iterable<UntypedEvent>): UntypedDelta[] =>
  [...events]
    .filter(({ type }) => type === 'content_block_delta')
    .map(({ delta }) => delta as UntypedDelta);

function* drained(backlog: EventBacklog): Generator<UntypedEvent> {
  for (let event = backlog.shift(); event !== undefined; event = backlog.shift()) yield event;
}

it('has a row for each delta of the types, and for a few that no API has', () => {
  expect(rows.length).toBe(DELTA_ROWS.length + 4);
  expect(rows.filter(({ blockType }) => blockType === undefined)).toEqual([]);
});

describe.each(rows)('$type', ({ type, kind, start, deltas, block }) => {
  const events = streamOf(start, deltas);
  const message = ev.accumulated(events);
  const merged = kind.join === 'push' ? deltas.length : 1;
  const json =
    kind.join === 'json' ? deltas.map((delta) => delta[kind.brings]).join('') : undefined;
  const again = (those: Iterable<UntypedEvent>): UntypedMessage => ev.accumulated([...those]);

  it('accumulates', () => {
    expect(message.content).toEqual([block]);
  });

  it('is merged for late readers', () => {
    const fewest = deltasBetween(start, block, json);
    expect(fewest.length).toBe(merged);
    expect(ev.accumulated(streamOf(start, fewest))).toEqual(message);
    const { length } = deltasIn(ev.draftOf(events).past());
    expect(length).toBe(merged);
  });

  it('is part of the events of a message', () => {
    const those = toEvents(message as never) as UntypedEvent[];
    expect(those[1]?.content_block).toEqual({ ...start, ...alsoIn(kind, block) });
    expect(deltasIn(those).length).toBe(merged);
    expect(again(those)).toEqual(message);
  });

  it('joins in the backlog of a reader that lags behind', () => {
    const those = [...drained(new EventBacklog(events))];
    expect(deltasIn(those).length).toBe(merged);
    expect(again(those)).toEqual(message);
  });

  it('crosses to another thread', () => {
    const crossing = structuredClone(pack(events as never[]));
    expect(unpack(crossing)).toEqual(events);
    const isFragment = kind.join === 'append' || kind.join === 'json';
    expect(crossing.length).toBe(events.length - (isFragment ? deltas.length - 1 : 0));
  });

  it('is parsed, without JSON.parse where it is a fragment', () => {
    const plain = deltas.filter((delta) => !/["\\\n]/.test(String(delta[kind.brings])));
    const parse = vi.spyOn(JSON, 'parse');
    for (const delta of deltas) {
      const event = ev.delta(0, delta);
      const data = JSON.stringify(event);
      expect(parseDelta({ event: '', data }) ?? parseEvent({ event: '', data })).toEqual(event);
    }
    const isFragment = kind.join === 'append' || kind.join === 'json';
    const calls = parse.mock.calls.filter(([text]) => text.startsWith('{"type"'));
    expect(calls.length).toBe(isFragment ? 0 : deltas.length);
    expect(parse.mock.calls.length).toBe(isFragment ? deltas.length - plain.length : deltas.length);
  });

  it('notifies its listener', () => {
    if (kind.listener === undefined) return;
    expect(pulls(kind.listener)).toBe(true);
    const draft = ev.draftOf(events.slice(0, 2));
    const emitter = new Emitter();
    const calls: unknown[][] = [];
    emitter.add(kind.listener, (...args) => calls.push(structuredClone(args)), false);
    for (const event of events.slice(2)) {
      draft.apply(event);
      emitEvent(emitter, event, (index, name) => draft.field(index, name));
    }
    expect(calls.map(([brought]) => brought)).toEqual(deltas.map((delta) => delta[kind.brings]));
    expect(calls.at(-1)?.slice(1)).toEqual(kind.join === 'replace' ? [] : [block[kind.fills]]);
  });

  it('is streamed by the emulator, fragments as such', () => {
    const those = [...toMessageEvents(message as never)];
    expect(again(those)).toEqual(message);
    const many = kind.join === 'append' || kind.join === 'json' ? 2 : merged;
    expect(deltasIn(those).length).toBeGreaterThanOrEqual(many);
    expect(new Set(deltasIn(those).map((delta) => delta.type))).toEqual(new Set([type]));
  });

  it('counts as text where it is', () => {
    const { length } = kind.join === 'append' ? String(block[kind.fills]) : '';
    expect(countCharacters([block])).toBe(length);
  });
});

/** They stay in the start, as `encrypted_content` does. */
function alsoIn(kind: DeltaKind, block: UntypedBlock): Record<string, unknown> {
  return Object.fromEntries((kind.also ?? []).map((field) => [field, block[field]]));
}
