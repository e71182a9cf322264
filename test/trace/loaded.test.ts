import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import type { Observation } from '../../src/observe.js';
import type { ClientOptions } from '../../src/options.js';
import { loadOptional } from '../../src/stream/load-optional.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { systemClock } from '../../src/transport/clock.js';
import { PARAMS } from '../stream/support.js';
import { askFor, weatherTool } from '../tools/support.js';
import { listen } from './support.js';

/*
 * The code for traces is loaded with the first call that something listens to. Each test has its own copy of the
 * client, which has not loaded it.
 */

const CODE = '../../src/resources/tracing.js';
const LOADER = '../../src/stream/load-optional.js';

/** The code is there after a promise; with false it is not. */
function loadAfter(isLoaded: Promise<boolean>): void {
  const loadOptional = async (chunk: Promise<unknown>): Promise<unknown> =>
    (await isLoaded) ? chunk : undefined;
  vi.doMock(LOADER, () => ({ loadOptional }));
}

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.doUnmock(CODE);
  vi.doUnmock(LOADER);
  vi.useRealTimers();
});

async function newClient(options: ClientOptions = {}): Promise<Anthropic> {
  const { Anthropic } = await import('../../src/client.js');
  const { fetch } = createEmulator({ replies: [askFor('Oslo'), reply.text('Rain')] });
  return new Anthropic({ apiKey: 'sk-test', baseURL: 'http://api.test', fetch, ...options });
}

type Call = (client: Anthropic) => Promise<unknown>;

const stream: Call = ({ messages }) => messages.stream(PARAMS).untilDone();
const recovering: Call = ({ messages }) => messages.stream(PARAMS, { recover: true }).untilDone();
const create: Call = async ({ messages }) => messages.create(PARAMS);
const createLong: Call = async ({ messages }) => messages.create({ ...PARAMS, max_tokens: 50_000 });
const createRaw: Call = async ({ messages }) => {
  for await (const _ of await messages.create({ ...PARAMS, stream: true }));
};
const { max_tokens: _, ...COUNTED } = PARAMS;
const countTokens: Call = async ({ messages }) => messages.countTokens(COUNTED);
const models: Call = async (client) => client.models.list();
const run: Call = ({ messages }) =>
  messages.toolRunner({ ...PARAMS, tools: [weatherTool()] }).untilDone();

const CALLS: readonly [string, Call][] = [
  ['stream', stream],
  ['stream with recover', recovering],
  ['create', create],
  ['create of a long message', createLong],
  ['create with stream: true', createRaw],
  ['countTokens', countTokens],
  ['models.list', models],
  ['toolRunner', run],
];

/** What was seen, without what differs from call to call. */
function comparable(seen: readonly unknown[]): unknown {
  const differs = /^ms$|Ms$|Id$|^timeouts$/;
  return JSON.parse(JSON.stringify(seen, (name, value) => (differs.test(name) ? '' : value)));
}

describe.each(CALLS)('%s', (_, call) => {
  it('is observed and published by the first call as by the next', async () => {
    const observed: Observation[] = [];
    const observe = (seen: Observation): void => void observed.push(seen);
    using listening = listen('stream', 'attempt', 'run', 'tool');
    await call(await newClient({ observe }));
    const first = [observed.splice(0), listening.seen.splice(0)];
    await call(await newClient({ observe }));
    expect(observed.map(({ type }) => type)).toContain('end');
    expect(listening.seen.map(({ channel }) => channel)).toContain('stream:asyncEnd');
    expect(comparable(first)).toEqual(comparable([observed, listening.seen]));
  });

  it('succeeds where the code does not load, and is not observed', async () => {
    loadAfter(Promise.resolve(false));
    const observe = vi.fn();
    await call(await newClient({ observe }));
    expect(observe).not.toHaveBeenCalled();
  });

  it('does not load the code where nothing listens', async () => {
    const load = vi.fn(() => ({}));
    vi.doMock(CODE, load);
    await call(await newClient());
    expect(load).not.toHaveBeenCalled();
  });
});

it('what the caller changes while the code is loaded is no part of the call', async () => {
  using listening = listen('stream');
  const client = await newClient();
  const params = { ...PARAMS, messages: [...PARAMS.messages] };
  const stream = client.messages.stream(params);
  params.messages.push({ role: 'user', content: 'And tomorrow?' });
  params.model = 'another';
  await stream.untilDone();
  expect(listening.seen[0]?.context).toMatchObject({
    model: PARAMS.model,
    params: { messages: PARAMS.messages.length },
  });
});

it('a stream that is closed while the code is loaded sends nothing', async () => {
  let load = (_: boolean): void => {};
  const isLoaded = new Promise<boolean>((resolve) => {
    load = resolve;
  });
  loadAfter(isLoaded);
  const fetch = vi.fn();
  const client = await newClient({ fetch, observe: () => {} });
  const stream = client.messages.stream(PARAMS);
  const connecting = stream.connect();
  stream.close();
  await expect(connecting).rejects.toMatchObject({ name: 'APIUserAbortError' });
  load(true);
  await import('../../src/resources/tracing.js');
  expect(fetch).not.toHaveBeenCalled();
});

it('where a sink comes with the code, no call waits for it', async () => {
  const { provideTracing, traced } = await import('../../src/resources/traced-call.js');
  const { resolveOptions } = await import('../../src/options.js');
  const settings = resolveOptions({ apiKey: 'sk-test', observe: () => {}, clock: systemClock });
  const call = { method: 'POST', path: '/v1/messages', stream: true } as const;
  const made = (): unknown => traced(settings, call, { operation: 'stream', params: PARAMS });
  expect(made()).toBeInstanceOf(Promise);
  vi.resetModules();
  const fresh = await import('../../src/resources/traced-call.js');
  fresh.provideTracing(await import('../../src/resources/tracing.js'));
  expect(fresh.traced(settings, call, { operation: 'stream', params: PARAMS })).toMatchObject({
    trace: { context: { operation: 'stream' } },
  });
  expect(provideTracing).not.toBe(fresh.provideTracing);
});

it('code that fails to load is undefined', async () => {
  const chunk = Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  expect(await loadOptional(chunk)).toBe(undefined);
});

it('a call waits 10 s for code that neither loads nor fails', async () => {
  vi.useFakeTimers();
  let isOver = false;
  const waiting = loadOptional(new Promise(() => {})).then((loaded) => {
    isOver = true;
    return loaded;
  });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await waiting).toBe(undefined);
  expect(vi.getTimerCount()).toBe(0);
});
