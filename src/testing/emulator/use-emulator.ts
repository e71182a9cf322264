import type { Replies } from '../script/replies.js';
import { createEmulator, type Emulator } from './emulator.js';
import type { EmulatorOptions } from './options.js';
import { type ServeOptions, type Server, serve } from './serve.js';

/** The hooks of a test runner, such as `vitest` and `node:test`. */
export interface TestHooks {
  /** Runs a function before each test. */
  beforeEach(run: () => Promise<void>): unknown;
  /** Runs a function after each test. */
  afterEach(run: () => Promise<void>): unknown;
}

/** Options of `useEmulator`. */
export interface UseEmulatorOptions extends Omit<EmulatorOptions, 'replies'> {
  /** The replies at the start of each test. Default: none, for tests that call `script`. */
  replies?: Replies | undefined;
  /** Fails a test that doesn't use all its replies. Default false. */
  assertDone?: boolean | undefined;
  /** How the server listens. Default: HTTP/1.1 in the clear, on any free port. */
  serve?: ServeOptions | undefined;
}

/** The emulator of the current test, and its server. Only available inside tests. */
export interface TestServer {
  /** For `baseURL`. */
  readonly url: string;
  /** With `serve: { tls: true }`: for `tls: { ca: api.cert }`. */
  readonly cert: string | undefined;
  readonly emulator: Emulator;
  /** For clients that take a `fetch`. */
  readonly fetch: Emulator['fetch'];
  /** Replaces the replies of this test. */
  script(replies: Replies): void;
}

/**
 * Starts a new emulator and its server before each test, and closes it after the test:
 * `const api = useEmulator({ beforeEach, afterEach }, { replies: [reply.text('Hello')] })`.
 */
export function useEmulator(
  { beforeEach, afterEach }: TestHooks,
  { replies = [], assertDone = false, serve: serveOptions, ...options }: UseEmulatorOptions = {},
): TestServer {
  let running: { server: Server; emulator: Emulator } | undefined;
  const current = (): { server: Server; emulator: Emulator } => {
    if (running === undefined) throw new Error('use the server of useEmulator() inside a test');
    return running;
  };
  beforeEach(async () => {
    const emulator = createEmulator({ ...options, replies });
    running = {
      emulator,
      server: await serve(
        { handle: (request, signal) => current().emulator.handle(request, signal) },
        serveOptions,
      ),
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
    get cert() {
      return current().server.cert;
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
