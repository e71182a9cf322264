import type { Replies } from '../script/replies.js';
import { createEmulator, type Emulator, type EmulatorOptions } from './emulator.js';
import { type Server, serve } from './serve.js';

/** The hooks of a test runner: `vitest` and `node:test` have both. */
export interface Hooks {
  /** Runs it before each test. */
  beforeEach(run: () => Promise<void>): unknown;
  /** Runs it after each test. */
  afterEach(run: () => Promise<void>): unknown;
}

/** Options of `useEmulator`. */
export interface UseEmulatorOptions extends Omit<EmulatorOptions, 'replies'> {
  /** What each test begins with. Default: none, for tests that call `script`. */
  replies?: Replies | undefined;
  /** Fails a test that leaves replies unused. Default false. */
  assertDone?: boolean | undefined;
}

/** An emulator for each test, and a server for it. To be used within tests only. */
export interface Used {
  /** For `baseURL`. */
  readonly url: string;
  readonly emulator: Emulator;
  /** For clients that take a `fetch`. */
  readonly fetch: Emulator['fetch'];
  /** The replies of this test, in place of those it began with. */
  script(replies: Replies): void;
}

/**
 * A new emulator before each test, and a server for it, which is closed after the test:
 * `const api = useEmulator({ beforeEach, afterEach }, { replies: [reply.text('Hello')] })`.
 */
export function useEmulator(
  { beforeEach, afterEach }: Hooks,
  { replies = [], assertDone = false, ...options }: UseEmulatorOptions = {},
): Used {
  let running: { server: Server; emulator: Emulator } | undefined;
  const current = (): { server: Server; emulator: Emulator } => {
    if (running === undefined) throw new Error('useEmulator() is for tests: use it within one');
    return running;
  };
  beforeEach(async () => {
    const emulator = createEmulator({ ...options, replies });
    running = {
      emulator,
      server: await serve({ handle: (sent, signal) => current().emulator.handle(sent, signal) }),
    };
  });
  afterEach(async () => {
    const { server, emulator } = current();
    await server.close();
    running = undefined;
    if (assertDone) emulator.assertDone();
  });
  return {
    get url() {
      return current().server.url;
    },
    get emulator() {
      return current().emulator;
    },
    get fetch() {
      return current().emulator.fetch;
    },
    script(replies) {
      current().emulator = createEmulator({ ...options, replies });
    },
  };
}
