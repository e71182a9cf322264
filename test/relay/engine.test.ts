import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { END, type Engine, type Entry, type Push } from '../../src/relay/engine.js';
import { deferred } from '../support/deferred.js';
import { ENGINES, type TestEngine } from './engines.js';

// Acceptance test 1 of the relay: one contract for all engines.

const TTL = { ttl: 60_000 };
const at = (epoch: number, seq: number) => ({ epoch, seq });
const CLAIM = '{"tag":"a"}';

describe.each(Object.entries(ENGINES))('%s', (_, make) => {
  let test: TestEngine;
  let engine: Engine;
  let other: Engine;
  let ids = 0;
  const newId = (): string => `stream ${++ids} / ä{}%*`;

  beforeAll(async () => {
    test = await make();
    engine = test.engine;
    other = await test.another();
  });
  afterAll(() => test.close());

  const begun = async (...payloads: string[]): Promise<string> => {
    const id = newId();
    expect(await engine.append(id, at(1, 0), [CLAIM, ...payloads], TTL)).toBe('ok');
    return id;
  };
  const read = (id: string, from: Engine = other): Promise<Entry[]> => from.read(id, undefined, 99);
  const shown = async (id: string): Promise<string[]> =>
    (await read(id)).map(({ epoch, seq, payload }) => `${epoch}-${seq} ${payload}`);

  it('keeps entries in order, for every process', async () => {
    const id = await begun('{"a":"ä€😀"}');
    expect(await engine.append(id, at(1, 2), ['{"b":1}', '{"c":"\\n\\r"}'], TTL)).toBe('ok');
    const expected = [`1-0 ${CLAIM}`, '1-1 {"a":"ä€😀"}', '1-2 {"b":1}', '1-3 {"c":"\\n\\r"}'];
    expect(await shown(id)).toEqual(expected);
    expect((await other.read(id, at(1, 1), 1)).map(({ seq }) => seq)).toEqual([2]);
    expect(await other.read(id, at(1, 3), 9)).toEqual([]);
  });

  it('shows each entry once, in order, to readers at the same time', async () => {
    const id = await begun();
    const last = 40;
    const seqs = Array.from({ length: last + 1 }, (_, seq) => seq);
    let isDone = false;
    const readers = [engine, other, engine, other, engine].map(async (from) => {
      while (!isDone) {
        const seen = (await read(id, from)).map(({ seq }) => seq);
        expect(seen).toEqual(seqs.slice(0, seen.length));
      }
    });
    for (const seq of seqs.slice(1)) {
      expect(await engine.append(id, at(1, seq), [`{"n":${seq}}`], TTL)).toBe('ok');
      expect(await read(id, engine)).toHaveLength(seq + 1);
    }
    isDone = true;
    await Promise.all(readers);
    expect(await read(id)).toHaveLength(last + 1);
  });

  it('lets one of 50 rivals claim', async () => {
    const id = newId();
    const first = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? engine : other).append(id, at(1, 0), [`{"by":${n}}`], TTL),
      ),
    );
    expect(first.filter((it) => it === 'ok')).toHaveLength(1);
    expect(first.filter((it) => it === 'fenced')).toHaveLength(49);
    await engine.append(id, at(1, 1), ['{}'], TTL);
    const second = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? engine : other).append(id, at(2, 0), [`{"by":${n}}`], TTL),
      ),
    );
    expect(second.filter((it) => it === 'ok')).toHaveLength(1);
    expect(await read(id)).toHaveLength(3);
  });

  it('refuses what a producer that was replaced appends', async () => {
    const id = await begun('{"a":1}');
    expect(await other.append(id, at(2, 0), ['{"by":2}'], TTL)).toBe('ok');
    expect(await engine.append(id, at(1, 2), ['{"late":1}'], TTL)).toBe('fenced');
    expect(await engine.append(id, at(1, 2), [], { ...TTL, end: '{"state":"complete"}' })).toBe(
      'fenced',
    );
    expect(await engine.beat(id, 1, 1_000, 60_000)).toBe(false);
    expect(await read(id)).toHaveLength(3);
  });

  it('takes a repeated append as the one it was', async () => {
    const id = await begun('{"a":1}');
    expect(await engine.append(id, at(1, 0), [CLAIM], TTL)).toBe('fenced');
    expect(await engine.append(id, at(1, 1), ['{"a":1}'], TTL)).toBe('ok');
    expect(await engine.append(id, at(1, 1), ['{"a":1}', '{"b":1}'], TTL)).toBe('ok');
    expect(await shown(id)).toEqual([`1-0 ${CLAIM}`, '1-1 {"a":1}', '1-2 {"b":1}']);
    const claim = newId();
    for (const _ of [1, 2]) expect(await engine.append(claim, at(1, 0), [CLAIM], TTL)).toBe('ok');
    const end = { ...TTL, end: '{"state":"complete"}' };
    for (const _ of [1, 2]) expect(await engine.append(id, at(1, 3), ['{"c":1}'], end)).toBe('ok');
    expect(await read(id)).toHaveLength(5);
  });

  it('reports entries that are missing, and takes them again', async () => {
    const id = await begun();
    expect(await engine.append(id, at(1, 2), ['{"b":1}'], TTL)).toBe('gap');
    expect(await engine.append(id, at(2, 1), ['{"b":1}'], TTL)).toBe('gap');
    expect(await engine.append(id, at(1, 0), [CLAIM, '{"a":1}', '{"b":1}'], TTL)).toBe('ok');
    expect(await shown(id)).toEqual([`1-0 ${CLAIM}`, '1-1 {"a":1}', '1-2 {"b":1}']);
  });

  it('is gone where there is no log, and creates none', async () => {
    const id = newId();
    expect(await engine.append(id, at(1, 5), ['{}'], TTL)).toBe('gone');
    expect(await engine.append(id, at(2, 0), ['{}'], TTL)).toBe('gone');
    expect(await engine.append(id, END, [], { ...TTL, end: '{}' })).toBe('gone');
    expect(await engine.beat(id, 1, 1_000, 1_000)).toBe(false);
    expect(await engine.alive(id)).toBe(0);
    expect(await read(id)).toEqual([]);
    const removed = await begun('{}');
    await other.remove(removed);
    expect(await engine.append(removed, at(1, 2), ['{}'], TTL)).toBe('gone');
    expect(await read(removed)).toEqual([]);
  });

  it('is ended by anyone, once, and takes nothing after it', async () => {
    const id = await begun('{"a":1}');
    expect(await other.append(id, END, [], { ...TTL, end: '{"state":"stopped"}' })).toBe('ok');
    expect(await other.append(id, END, [], { ...TTL, end: '{"state":"stopped"}' })).toBe('fenced');
    expect(await engine.append(id, at(1, 2), ['{}'], TTL)).toBe('fenced');
    expect(await engine.append(id, at(2, 0), ['{}'], TTL)).toBe('fenced');
    expect(await engine.beat(id, 1, 1_000, 60_000)).toBe(false);
    const entries = await read(id);
    expect(entries.at(-1)).toEqual({ ...END, payload: '{"state":"stopped"}' });
    expect(await other.read(id, END, 9)).toEqual([]);
    expect(await other.read(id, at(1, 1), 9)).toEqual(entries.slice(2));
  });

  it('is ended by its producer together with the last entries', async () => {
    const id = await begun();
    const end = '{"state":"complete"}';
    expect(await engine.append(id, at(1, 1), ['{"a":1}'], { ...TTL, end })).toBe('ok');
    expect((await read(id)).map(({ payload }) => payload)).toEqual([CLAIM, '{"a":1}', end]);
  });

  it('wakes those who watch, in every process', async () => {
    const id = await begun();
    for (const watching of [engine, other]) {
      const seen: string[] = [];
      const all = deferred();
      let last = await read(id, watching);
      const look = async (push?: Push): Promise<void> => {
        for (const { payload } of push?.entries ?? []) seen.push(payload);
        last = await read(id, watching);
        if (last.at(-1)?.payload === `{"n":${count}}`) all.resolve();
      };
      const count = last.length;
      const stop = watching.watch(id, (push) => void look(push));
      expect(await engine.append(id, at(1, count), [`{"n":${count}}`], TTL)).toBe('ok');
      await all.promise;
      stop();
      for (const payload of seen) expect(payload).toBe(`{"n":${count}}`);
    }
  });

  it('has a lease that runs out, is renewed, and can be given up', async () => {
    const id = await begun();
    expect(await other.alive(id)).toBe(0);
    expect(await engine.beat(id, 1, 5_000, 60_000)).toBe(true);
    const left = await other.alive(id);
    expect(left).toBeGreaterThan(4_000);
    expect(left).toBeLessThanOrEqual(5_000);
    expect(await engine.beat(id, 1, 0, 60_000)).toBe(true);
    expect(await other.alive(id)).toBe(0);
    await engine.beat(id, 1, 20, 60_000);
    while ((await other.alive(id)) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('keeps a log for its ttl, which beats renew', async () => {
    const id = newId();
    await engine.append(id, at(1, 0), [CLAIM], { ttl: 30 });
    while ((await read(id)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await engine.append(id, at(1, 1), ['{}'], TTL)).toBe('gone');
    expect(await engine.append(id, at(1, 0), [CLAIM], { ttl: 50 })).toBe('ok');
    expect(await engine.beat(id, 1, 10, 60_000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await read(id)).toHaveLength(1);
  });

  it('keeps a log that has ended, for one that reads it', async () => {
    const id = newId();
    const ttl = 1_000;
    await engine.append(id, at(1, 0), [CLAIM], { ttl });
    await engine.append(id, END, [], { ttl, end: '{"state":"complete"}' });
    expect(await engine.beat(id, 1, 0, 60_000)).toBe(false);
    expect(await other.beat(id, END.epoch, 0, 60_000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, ttl + 100));
    expect(await read(id)).toHaveLength(2);
    expect(await engine.alive(id)).toBe(0);
    expect(await other.beat(newId(), END.epoch, 0, 60_000)).toBe(false);
  });
});
