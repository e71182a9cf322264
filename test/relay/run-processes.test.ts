import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/relay/engine.js';
import { fileEngine } from '../../src/relay/file-engine.js';
import { type EmulatorOptions, fault } from '../../src/testing/index.js';
import type { RunnerEvent } from '../../src/tools/run-events.js';
import { RunStream } from '../../src/tools/run-stream.js';
import type { Member } from './members.js';
import { PARAMS } from './params.js';
import { hasRedis } from './redis-server.js';
import { openSetting, type Setting } from './setting.js';
import { LAST_TEXT, weatherModel } from './weather.js';

// A run goes on in another process where its own is killed, frozen or drained.

const STORES = ['redis', 'files'] as const;

interface Fleet {
  setting: Setting;
  /** The test's own look at the log. */
  engine: Engine;
  /** Processes that have begun: one that is late can't take over. */
  members: (count: number) => Promise<Member[]>;
  /** The ids of the calls whose tools have run, in any process. */
  called: () => string[];
}

async function openFleet(
  store: (typeof STORES)[number],
  emulated: Partial<EmulatorOptions>,
): Promise<Fleet & AsyncDisposable> {
  const setting = await openSetting({ replies: weatherModel('it'), ...emulated });
  const dir = mkdtempSync(join(tmpdir(), 'millrace-runs-'));
  const calls = join(dir, 'calls');
  const place = store === 'files' ? { redis: undefined, dir } : {};
  return {
    setting,
    engine: store === 'files' ? fileEngine(dir) : setting.engine,
    members: async (count) => {
      // Connections end often.
      const options = { resumes: true, calls, rotate: 700, ...place };
      const members = Array.from({ length: count }, () => setting.member(options));
      await Promise.all(members.map((member) => member.ask({ do: 'status', id: 'a' })));
      return members;
    },
    called: () => readFileSync(calls, 'utf8').split('\n').filter(Boolean),
    async [Symbol.asyncDispose]() {
      await setting[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true });
    },
  };
}

/** A page that follows the run over HTTP, through a process. */
async function page(member: Member): Promise<RunStream> {
  const { url } = await member.ask<{ url: string }>({ do: 'serve' });
  return RunStream.follow((id, signal) =>
    fetch(`${url}/a`, { signal, headers: id === undefined ? {} : { 'last-event-id': id } }),
  );
}

/** What a reader has of the run in the end. */
interface Outcome {
  text: string;
  messages: unknown;
  usage: unknown;
}

async function outcomeOf(run: RunStream): Promise<Outcome> {
  const text = await run.getFinalText();
  return { text, messages: run.messages, usage: run.usage };
}

async function whenReached(run: RunStream, until: (event: RunnerEvent) => boolean): Promise<void> {
  for await (const event of run.events) if (until(event)) return;
}

/** All readers have the same run, whole, and no call has run twice. */
async function check(
  { engine, called }: Fleet,
  last: Member,
  outcomes: readonly Outcome[],
): Promise<void> {
  const late = await outcomeOf(await page(last));
  expect(late.text).toBe(LAST_TEXT);
  for (const outcome of outcomes) expect(outcome).toEqual(JSON.parse(JSON.stringify(late)));
  const ids = called();
  expect(new Set(ids).size).toBe(ids.length);
  const log = (await engine.read('a', undefined, 999)).map(({ payload }) => payload).join('\n');
  for (const id of ids) {
    expect(log).toContain(
      `{"type":"millrace.tool_start","toolUse":{"type":"tool_use","id":"${id}"`,
    );
  }
  expect(log.match(/"millrace.run_start"/g)).toHaveLength(1);
  expect(log.match(/"millrace.run_end"/g)).toHaveLength(1);
  while ((await engine.read('a\u0000params', undefined, 9)).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

const stall = (turn: number, ...at: { event: number }[]): Partial<EmulatorOptions> => ({
  faults: (n) => (n === turn ? [fault.stall(...at)] : []),
});

const isText = (start: string) => (event: RunnerEvent) =>
  event.type === 'content_block_delta' && JSON.stringify(event).includes(`"text":"${start}`);

interface Case {
  emulated?: Partial<EmulatorOptions>;
  endless?: string;
  until: (event: RunnerEvent) => boolean;
  /** A result that no tool has returned. */
  says?: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'in the first turn': { emulated: stall(1, { event: 4 }), until: isText('I') },
  'while a tool runs': {
    endless: 'Bergen',
    until: (event) => event.type === 'tool_update' && event.update === 'Bergen',
    says: /The outcome of this call is unknown/,
  },
  'between the tools and the next turn': {
    emulated: stall(2),
    until: (event) => event.type === 'tool_result',
  },
  'in the last turn': { emulated: stall(3, { event: 4 }), until: isText('A') },
};

describe.runIf(hasRedis).each(STORES)('a run in %s', (store) => {
  it.each(Object.entries(CASES))('whose process is killed %s goes on', async (_, test) => {
    await using fleet = await openFleet(store, test.emulated ?? {});
    const [first, next] = (await fleet.members(2)) as [Member, Member];
    await first.ask({ do: 'startRun', id: 'a', params: PARAMS, endless: test.endless });
    const following = next.ask<Outcome>({ do: 'followRun', id: 'a' });
    const run = await page(next);
    const reading = outcomeOf(run);
    await whenReached(run, test.until);
    await first.kill();
    const outcomes = await Promise.all([following, reading]);
    await check(fleet, next, outcomes);
    if (test.says !== undefined) expect(JSON.stringify(outcomes[0].messages)).toMatch(test.says);
  });

  it('goes on after two deaths, in two turns', async () => {
    const faults: EmulatorOptions['faults'] = (n) =>
      n === 1 || n === 3 ? [fault.stall({ event: 4 })] : [];
    await using fleet = await openFleet(store, { faults });
    const [first, second, third] = (await fleet.members(3)) as [Member, Member, Member];
    await first.ask({ do: 'startRun', id: 'a', params: PARAMS });
    const run = await page(third);
    const reading = outcomeOf(run);
    await whenReached(run, isText('I'));
    second.ask({ do: 'followRun', id: 'a' }).catch(() => {});
    await first.kill();
    const { requests } = fleet.setting.emulator;
    while (requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    const following = third.ask<Outcome>({ do: 'followRun', id: 'a' });
    await second.kill();
    await check(fleet, third, await Promise.all([following, reading]));
    expect(requests).toHaveLength(5);
  });

  it('is handed over by drain, while a tool runs', async () => {
    await using fleet = await openFleet(store, {});
    const [first, next] = (await fleet.members(2)) as [Member, Member];
    await first.ask({ do: 'startRun', id: 'a', params: PARAMS, endless: 'Oslo' });
    const own = first.ask<Outcome>({ do: 'followRun', id: 'a' });
    const following = next.ask<Outcome>({ do: 'followRun', id: 'a' });
    const run = await page(next);
    const reading = outcomeOf(run);
    await whenReached(run, (event) => event.type === 'tool_update' && event.update === 'Oslo');
    await first.ask({ do: 'drain' });
    await check(fleet, next, await Promise.all([own, following, reading]));
  });

  it('is left alone by a process that was frozen, whose tools do not start', async () => {
    await using fleet = await openFleet(store, { pace: { tokensPerSecond: 20 } });
    const [first, next] = (await fleet.members(2)) as [Member, Member];
    await first.ask({ do: 'startRun', id: 'a', params: PARAMS });
    const run = await page(next);
    const reading = outcomeOf(run);
    await whenReached(run, isText('I'));
    const following = next.ask<Outcome>({ do: 'followRun', id: 'a' });
    await first.kill('SIGSTOP');
    const outcome = await following;
    const before = fleet.called();
    // The rest of its turn, with two calls, has arrived meanwhile.
    await first.kill('SIGCONT');
    const own = await first.ask<Outcome>({ do: 'followRun', id: 'a' });
    await check(fleet, next, [outcome, own, await reading]);
    expect(fleet.called()).toEqual(before);
  });
});
