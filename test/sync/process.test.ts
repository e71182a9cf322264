import { describe, expect, it } from 'vitest';
import { repl, SYNC, script } from './script.js';
import { addressOf } from './support.js';

const at = (scenario: string): Record<string, string> => ({
  ANTHROPIC_BASE_URL: addressOf(scenario),
});

describe.concurrent('a process', () => {
  it('ends when its script does, with a warm client and a stream open', async () => {
    const { finished } = script(
      `const stream = new SyncAnthropic().messages.stream(PARAMS);
       console.log(stream[Symbol.iterator]().next().value.type);`,
      at('endless'),
    );
    expect(await finished).toEqual({
      code: 0,
      signal: null,
      stdout: 'message_start\n',
      stderr: '',
    });
  });

  it('may have a client in a worker thread of its own', async () => {
    const { finished } = script(
      `import { Worker } from 'node:worker_threads';
       const code = \`
         import { SyncAnthropic } from '${SYNC}';
         import { parentPort } from 'node:worker_threads';
         const stream = new SyncAnthropic().messages.stream(\${JSON.stringify(PARAMS)});
         parentPort.postMessage(stream.getFinalText());\`;
       const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(code)), {
         execArgv: [],
       });
       worker.on('message', (text) => console.log(text));`,
      at('hello'),
    );
    expect(await finished).toMatchObject({ code: 0, stdout: 'Hello, wörld\n', stderr: '' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('that waits is ended by %s at once', async (signal) => {
    const { child, printed, finished } = script(
      `for (const text of new SyncAnthropic().messages.stream(PARAMS).textStream) console.log(text);`,
      at('silent'),
    );
    await printed('Hello');
    child.kill(signal);
    expect(await finished).toMatchObject({ code: null, signal, stdout: 'Hello\n', stderr: '' });
  });

  it('that is a REPL gets its prompt back on SIGINT, and its client goes on', async () => {
    const { child, printed, finished } = repl(at('silent'));
    child.stdin?.write(`const { SyncAnthropic } = await import('${SYNC}'); 'loaded'\n`);
    await printed("'loaded'");
    child.stdin?.write(
      `const messages = [{ role: 'user', content: 'Hi' }];
       const stream = new SyncAnthropic().messages.stream({ model: 'm', max_tokens: 9, messages });
       for (const text of stream.textStream) fs.writeSync(1, 'got ' + text)\n`,
    );
    // Not console.log: an interrupt in the middle of it leaves stdout's stream as it was then, and the REPL mute.
    await printed('got Hello');
    child.kill('SIGINT');
    await printed('interrupted by `SIGINT`');
    child.stdin?.end(`stream.close(); 'still ' + stream.currentMessageSnapshot.content[0].text\n`);
    expect(await finished).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("'still Hello'"),
    });
  });

  it('prints what ANTHROPIC_LOG asks for while it waits', async () => {
    const { finished } = script(
      `process.stderr.write(new SyncAnthropic().messages.stream(PARAMS).getFinalText() + '\\n');
       process.exit();`,
      { ...at('flaky'), ANTHROPIC_LOG: 'debug' },
    );
    const lines = (await finished).stderr.split('\n').map((line) => line.replace(/http.*/, '…'));
    expect(lines).toEqual([
      'millrace: request attempt=1 method=POST url=…',
      expect.stringMatching(/^millrace: response status=/),
      expect.stringMatching(/^millrace: retry attempt=.*error=OverloadedError: HTTP 529/),
      'millrace: request attempt=2 method=POST url=…',
      expect.stringMatching(/^millrace: response status=/),
      expect.stringMatching(/^millrace: retry attempt=.*error=OverloadedError/),
      'millrace: request attempt=3 method=POST url=…',
      expect.stringMatching(/^millrace: response status=/),
      expect.stringMatching(/^millrace: firstContent ms=/),
      expect.stringMatching(/^millrace: end outcome=complete .*attempts=3/),
      'At last',
      '',
    ]);
  });
});

/** In the first worker only, when it is told. */
const inWorker = (code: string): string =>
  `import { isMainThread, threadId } from 'node:worker_threads';
   if (!isMainThread && threadId === 1) {
     const told = new BroadcastChannel('break');
     told.onmessage = () => { ${code} };
     told.unref();
   }`;

describe.concurrent('a worker that crashes is an error for every call that waits, and the next request has another worker', () => {
  const BREAKS: [name: string, code: string, message: RegExp][] = [
    ['exits', 'process.exit(7)', /^the thread that sends the requests ended with code 7 \(/],
    ['throws', 'throw new TypeError("oops")', /requests failed: oops \(/],
    ['rejects', 'Promise.reject(new TypeError("oops"))', /requests failed: oops \(/],
    [
      'runs out of memory',
      'const all = []; for (;;) all.push(new Array(1000).fill({}))',
      /requests is gone: it has ended, perhaps out of memory \(/,
    ],
    [
      'hangs',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
      /requests is gone: it does not answer \(/,
    ],
  ];

  it.each(BREAKS)('%s', { timeout: 30_000 }, async (_name, code, message) => {
    const { finished } = script(
      `const client = new SyncAnthropic();
       const stream = client.messages.stream(PARAMS);
       stream.textStream[Symbol.iterator]().next();
       const tell = new BroadcastChannel('break');
       tell.postMessage('now');
       tell.unref();
       try { stream.untilDone() } catch (error) {
         console.log(JSON.stringify({
           isOurs: error instanceof APIConnectionError,
           message: error.message,
           partial: error.partialMessage?.content[0].text,
         }));
       }
       console.log(client.messages.stream(PARAMS)[Symbol.iterator]().next().value.type);`,
      // A heap that is full soon.
      { ...at('silent'), NODE_OPTIONS: '--max-old-space-size=60' },
      inWorker(code),
    );
    const { stdout, stderr, code: exit } = await finished;
    const [error = '', next] = stdout.trim().split('\n');
    expect(JSON.parse(error)).toEqual({
      isOurs: true,
      message: expect.stringMatching(message),
      partial: 'Hello',
    });
    expect([next, exit, stderr]).toEqual(['message_start', 0, '']);
  });
});

describe.concurrent('a worker that cannot start is an error', () => {
  const STARTS: [name: string, code: string, message: RegExp][] = [
    [
      'its file is missing',
      `process.getBuiltinModule('node:fs').existsSync = () => false;`,
      /worker\.js is missing\. .*leave the package 'millrace' external: in Next/,
    ],
    [
      'its file is not to be loaded',
      `const { Worker, ...rest } = process.getBuiltinModule('node:worker_threads');
       const { getBuiltinModule } = process;
       process.getBuiltinModule = (name) => name !== 'node:worker_threads' ? getBuiltinModule(name) : {
         ...rest,
         Worker: class extends Worker {
           constructor(url, options) {
             super(url, { ...options, workerData: { ...options.workerData, file: 'data:text/javascript,import "./chunks/base.js"' } });
           }
         },
       };
       process.on('SIGINT', () => {});`,
      /worker of 'millrace\/sync' can't be loaded: .*base\.js.* a bundler must leave the package 'millrace' external/,
    ],
    [
      'there is no leave to start one',
      `process.getBuiltinModule('node:worker_threads').Worker = class {
         constructor() { throw new Error('Access to this API has been restricted') }
       };`,
      /cannot be started: Access to this API has been restricted$/,
    ],
  ];

  it.each(STARTS)('%s', async (_name, code, message) => {
    const { finished } = script(
      `${code}
       try { new SyncAnthropic().messages.create(PARAMS) } catch (error) {
         console.log(error instanceof AnthropicError, error.message);
       }`,
    );
    const { stdout, stderr } = await finished;
    expect(stderr).toBe('');
    expect(stdout.trim()).toMatch(/^true /);
    expect(stdout.trim()).toMatch(message);
  });
});

describe.concurrent('a runtime that lacks something says what', () => {
  const LACKS: [name: string, preload: string, message: RegExp][] = [
    ['node modules', 'delete process.getBuiltinModule', /there is no node:worker_threads/],
    ['process', 'delete globalThis.process', /there is no node:worker_threads/],
    ['shared memory', 'delete globalThis.SharedArrayBuffer', /there is no SharedArrayBuffer/],
    [
      'leave to wait',
      'Atomics.wait = () => { throw new TypeError("Atomics.wait cannot be called in this context") }',
      /this thread may not wait/,
    ],
    [
      'workers',
      `const { getBuiltinModule } = process;
       process.getBuiltinModule = (name) =>
         name === 'node:worker_threads' ? {} : getBuiltinModule(name)`,
      /there are no worker threads/,
    ],
    [
      'a page',
      'globalThis.window = globalThis.document = {}; delete globalThis.process',
      /use Anthropic from 'millrace'/,
    ],
  ];

  it.each(LACKS)('%s', async (_name, lack, message) => {
    const { finished } = script(
      `const { stdout } = process;
       ${lack};
       try { new SyncAnthropic() } catch (error) {
         stdout.write([error instanceof AnthropicError, error.message].join(' '));
       }`,
    );
    const { stdout, stderr } = await finished;
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^true SyncAnthropic cannot work here, /);
    expect(stdout).toMatch(message);
  });
});
