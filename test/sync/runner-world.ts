import { serialize } from 'node:v8';
import { inject } from 'vitest';
import type { Anthropic, RunnerOptions } from '../../src/index.js';
import type { SyncRunnerOptions, SyncToolRunner } from '../../src/sync/index.js';
import type { EmulatorRequest, Replies } from '../../src/testing/index.js';
import type { PlainSetting } from '../resources/plain-suite.js';
import type { World } from '../tools/support.js';
import { ask } from './ask.js';
import { sync } from './built.js';
import { LIMITED } from './support.js';

let keys = 0;

/** The address of an emulator with these replies, or with more options, in another process. */
export async function emulate(replies: Replies | PlainSetting): Promise<string> {
  const baseURL = `${inject('servers').emulators}/${process.pid}-${++keys}`;
  await fetch(`${baseURL}/replies`, { method: 'POST', body: Buffer.from(serialize(replies)) });
  return baseURL;
}

/** What the emulator has received. */
export async function received(
  baseURL: string,
): Promise<Pick<EmulatorRequest, 'method' | 'path' | 'body' | 'headers'>[]> {
  return JSON.parse(await ask(`${baseURL}/requests`));
}

/**
 * The blocking client, for tests that were written for the other one: what it returns can be awaited, what
 * it throws rejects, and what can be iterated is iterated with `for await`.
 */
export async function blockingWorld(replies: Replies): Promise<World> {
  const baseURL = await emulate(replies);
  const client = new sync.SyncAnthropic({ ...LIMITED, baseURL });
  let requests: Awaited<ReturnType<typeof received>> = [];
  const after = async (): Promise<void> => {
    requests = await received(baseURL);
  };
  const messages = ({ toolRunner }: typeof client.messages): object => ({
    toolRunner: (params: never, { signal, ...options }: RunnerOptions = {}) =>
      awaitable(toolRunner(params, options as SyncRunnerOptions), after),
  });
  return {
    client: {
      messages: messages(client.messages),
      beta: { messages: messages(client.beta.messages as never) },
    } as unknown as Anthropic,
    get bodies() {
      return requests.map(({ body }) => body);
    },
    get headers() {
      return requests.at(-1)?.headers ?? {};
    },
    [Symbol.asyncDispose]: async () => client[Symbol.dispose](),
  };
}

function awaitable(runner: SyncToolRunner, after: () => Promise<void>): object {
  const call = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } finally {
      await after();
    }
  };
  async function* iterate<T>(items: Iterable<T>): AsyncGenerator<T> {
    const iterator = items[Symbol.iterator]();
    try {
      for (;;) {
        const { done, value } = await call(() => iterator.next());
        if (done) return;
        yield value;
      }
    } finally {
      iterator.return?.();
    }
  }
  return {
    [Symbol.asyncIterator]: () => iterate(runner),
    get textStream() {
      return iterate(runner.textStream);
    },
    get events() {
      return iterate(runner.events);
    },
    get messages() {
      return runner.messages;
    },
    get params() {
      return runner.params;
    },
    get deferredToolCalls() {
      return runner.deferredToolCalls;
    },
    get usage() {
      return runner.usage;
    },
    getFinalMessage: () => call(() => runner.getFinalMessage()),
    pushMessages: runner.pushMessages.bind(runner),
    setParams: runner.setParams.bind(runner),
    addTools: runner.addTools.bind(runner),
    removeTools: runner.removeTools.bind(runner),
    close: () => runner.close(),
    [Symbol.asyncDispose]: async () => runner[Symbol.dispose](),
  };
}
