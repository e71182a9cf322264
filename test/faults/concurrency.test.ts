import { getEventListeners } from 'node:events';
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { sse, textMessage } from '../contract/wire.js';
import { failure, idle, PARAMS } from '../stream/support.js';
import { rawServer, type Script } from '../support/raw-server.js';
import { byTier } from '../support/tier.js';
import { Wires } from './wires.js';

const MANY = byTier({ fast: 200, exhaustive: 1_000 });
const SOCKETS = 50;
/** Only so that a test that hangs says where. */
const MOMENTS_MS = 10_000;

const hello = textMessage('Hello', ' world');
const reason = new Error('enough');

const warnings: Error[] = [];
const note = (warning: Error): void => void warnings.push(warning);
beforeAll(() => void process.on('warning', note));
afterAll(() => void process.off('warning', note));

/** What keeps this process alive, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Runs something, which must leave nothing behind: no socket, no timer, no listener, no warning. */
async function leavingNothing(
  script: Script | (() => Script),
  agent: Agent,
  run: (client: Anthropic, wires: Wires) => Promise<void>,
): Promise<void> {
  const before = resources();
  using wires = new Wires();
  {
    await using server = await rawServer(typeof script === 'function' ? script : () => script);
    await run(new Anthropic({ apiKey: 'key', baseURL: server.url, agent, maxRetries: 0 }), wires);
    agent.destroy();
  }
  await expect.poll(() => wires.open, { timeout: MOMENTS_MS }).toBe(0);
  await expect.poll(resources, { timeout: MOMENTS_MS }).toEqual(before);
  await idle();
  expect(warnings).toEqual([]);
}

const each = <T>(make: (n: number) => T): T[] => Array.from({ length: MANY }, (_, n) => make(n));

describe(`${MANY} streams at once on one client`, () => {
  it('all complete, over as many sockets as the agent allows', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
    await leavingNothing({ body: [sse(...hello)] }, agent, async (client, wires) => {
      const { signal } = new AbortController();
      const texts = await Promise.all(
        each(() => client.messages.stream(PARAMS, { signal }).getFinalText()),
      );
      expect(texts).toEqual(each(() => 'Hello world'));
      expect(wires.peak).toBe(SOCKETS);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });
  });

  it('all are there at once where nothing bounds the sockets', async () => {
    const agent = new Agent({ keepAlive: true });
    let open = 0;
    let release = (): void => {};
    const allThere = new Promise<void>((resolve) => {
      release = resolve;
    });
    const script = (): Script => {
      if (++open === MANY) release();
      return { body: [sse(...hello.slice(0, 4)), allThere, sse(...hello.slice(4))] };
    };
    await leavingNothing(script, agent, async (client, wires) => {
      const texts = await Promise.all(each(() => client.messages.stream(PARAMS).getFinalText()));
      expect(texts).toEqual(each(() => 'Hello world'));
      expect(wires.peak).toBe(MANY);
    });
  });

  it.each<[string, Script, string]>([
    ['in the middle', { body: [sse(...hello.slice(0, 4))], end: 'hang' }, 'Hello'],
    ['before the headers', { status: 'none', end: 'hang' }, ''],
  ])('are aborted all at once through one signal, %s', async (_, script, text) => {
    const agent = new Agent({ keepAlive: true });
    let arrived = 0;
    let release = (): void => {};
    const allThere = new Promise<void>((resolve) => {
      release = resolve;
    });
    const play = (): Script => {
      if (++arrived === MANY) release();
      return script;
    };
    await leavingNothing(play, agent, async (client) => {
      const abort = new AbortController();
      const streams = each(() => client.messages.stream(PARAMS, { signal: abort.signal }));
      const failures = streams.map((stream) => failure(stream.untilDone()));
      const begun = streams.map(
        (stream) =>
          new Promise<void>((resolve) =>
            text === '' ? resolve() : stream.once('text', () => resolve()),
          ),
      );
      await Promise.all([allThere, ...begun]);
      const since = performance.now();
      abort.abort(reason);
      const errors = await Promise.all(failures);
      expect(performance.now() - since).toBeLessThan(MOMENTS_MS / 2);
      for (const error of errors) {
        expect(error).toMatchObject({ name: 'APIUserAbortError', cause: reason });
      }
      expect(new Set(errors).size).toBe(MANY);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    });
  });

  it('those that wait for a socket are aborted too, and their places are free', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
    let isOver = false;
    const script = (): Script =>
      isOver ? { body: [sse(...hello)] } : { body: [sse(...hello.slice(0, 4))], end: 'hang' };
    await leavingNothing(script, agent, async (client, wires) => {
      const abort = new AbortController();
      const streams = each(() => client.messages.stream(PARAMS, { signal: abort.signal }));
      const failures = streams.map((stream) => failure(stream.untilDone()));
      await new Promise<void>((resolve) => streams[0]?.once('text', () => resolve()));
      isOver = true;
      abort.abort(reason);
      for (const error of await Promise.all(failures)) {
        expect(error).toMatchObject({ name: 'APIUserAbortError', cause: reason });
      }
      expect(await client.messages.stream(PARAMS).getFinalText()).toBe('Hello world');
      expect(wires.peak).toBeLessThanOrEqual(SOCKETS);
    });
  });
});
