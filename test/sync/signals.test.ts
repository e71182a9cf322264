import { describe, expect, it } from 'vitest';
import { CTRL_C, describeTerminal } from '../cli/terminal.js';
import { ask } from './ask.js';
import { type Running, script, scriptInTerminal } from './script.js';
import { addressOf } from './support.js';

/*
 * Real signals for processes that block. `silent` sends Hello and then nothing, `mute` sends nothing,
 * `endless` hardly lets a reader wait, `late` sends half a text.
 */

const HELPERS = `
class KeyboardInterrupt extends Error { name = 'KeyboardInterrupt' }
const print = (...words) => process.getBuiltinModule('fs').writeSync(1, words.join(' ') + '\\n');
const open = (scenario = 'silent') =>
  new SyncAnthropic({ baseURL: process.env[scenario] }).messages.stream(PARAMS);
/** Ends with what the last wait throws. */
const read = (stream) => {
  try { for (const text of stream.textStream) print(text) } catch (error) { return error }
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

const SCENARIOS = ['silent', 'mute', 'endless', 'hello', 'pings'];

const environment = (): Record<string, string> =>
  Object.fromEntries(SCENARIOS.map((name) => [name, addressOf(name)]));

const start = (code: string): Running => script(HELPERS + code, environment());

/** One whose scenario `late` goes on when told to. */
function late(code: string): Running & { go: () => Promise<unknown> } {
  const address = addressOf('late');
  return { ...script(HELPERS + code, { late: address }), go: () => ask(`${address}/go`) };
}

/** Sends SIGINT each time the process prints one of the texts. */
async function interrupted(code: string, ...texts: string[]): Promise<[string[], unknown]> {
  const { child, printed, finished } = start(code);
  for (const text of texts) {
    await printed(`${text}\n`);
    child.kill('SIGINT');
  }
  const { stdout, stderr, code: exit, signal } = await finished;
  expect(stderr).toBe('');
  return [stdout.trimEnd().split('\n'), signal ?? exit];
}

describe.concurrent('a handler for SIGINT, during a wait', () => {
  it('may close the stream', async () => {
    const code = `
      const stream = open();
      process.on('SIGINT', (...args) => { print('handled', ...args); stream.close() });
      const error = read(stream);
      print(error.name, stream.currentMessageSnapshot.content[0].text);`;
    const lines = ['Hello', 'handled SIGINT 2', 'APIUserAbortError Hello'];
    expect(await interrupted(code, 'Hello')).toEqual([lines, 0]);
  });

  it('may throw: the loop throws the same, and the stream is closed', async () => {
    const code = `
      const thrown = new KeyboardInterrupt();
      process.on('SIGINT', () => { throw thrown });
      const stream = open();
      print(read(stream) === thrown, stream.currentMessageSnapshot.content[0].text);
      try { stream.getFinalMessage() } catch ({ name, cause, partialMessage }) {
        print(name, cause === thrown, partialMessage.content[0].text);
      }`;
    const lines = ['Hello', 'true Hello', 'APIUserAbortError true Hello'];
    expect(await interrupted(code, 'Hello')).toEqual([lines, 0]);
  });

  it('may close and throw', async () => {
    const code = `
      const stream = open();
      process.on('SIGINT', () => { stream.close(); throw new KeyboardInterrupt() });
      print(read(stream).name);`;
    expect(await interrupted(code, 'Hello')).toEqual([['Hello', 'KeyboardInterrupt'], 0]);
  });

  const CALLS: [name: string, call: string][] = [
    ['create', 'client.messages.create(PARAMS)'],
    ['create of a long message', 'client.messages.create({ ...PARAMS, max_tokens: 64000 })'],
    ['create of a raw stream', 'client.messages.create({ ...PARAMS, stream: true })'],
    ['countTokens', 'client.messages.countTokens({ model: "m", messages: PARAMS.messages })'],
    ['connect', 'client.messages.stream(PARAMS).connect()'],
    ['response', 'client.messages.stream(PARAMS).response'],
    ['getFinalText', 'client.messages.stream(PARAMS).getFinalText()'],
    ['untilDone', 'client.messages.stream(PARAMS).untilDone()'],
    ['a run', 'client.messages.toolRunner({ ...PARAMS, tools: [] }).getFinalMessage()'],
  ];
  it.each(CALLS)('may throw out of %s', async (_name, call) => {
    const code = `
      process.on('SIGINT', () => { throw new KeyboardInterrupt() });
      const client = new SyncAnthropic({ baseURL: process.env.mute });
      read(open('hello'));
      print('waits');
      try { ${call} } catch (error) { print(error.name) }`;
    const [lines, exit] = await interrupted(code, 'waits');
    expect([lines.slice(-2), exit]).toEqual([['waits', 'KeyboardInterrupt'], 0]);
  });

  it('may throw out of a run, whose other readers learn that it was closed', async () => {
    const code = `
      const thrown = new KeyboardInterrupt();
      process.on('SIGINT', () => { throw thrown });
      const client = new SyncAnthropic({ baseURL: process.env.silent });
      const runner = client.messages.toolRunner({ ...PARAMS, tools: [] });
      print(read(runner) === thrown);
      for (const items of [runner, runner.events, runner.textStream]) {
        try { for (const _ of items); } catch ({ name, cause, partialMessage }) {
          print(name, cause === thrown, partialMessage.content[0].text);
        }
      }`;
    const closed = 'APIUserAbortError true Hello';
    expect(await interrupted(code, 'Hello')).toEqual([
      ['Hello', 'true', closed, closed, closed],
      0,
    ]);
  });

  it('may throw out of a loop over a raw stream', async () => {
    const code = `
      process.on('SIGINT', () => { throw new KeyboardInterrupt() });
      const client = new SyncAnthropic({ baseURL: process.env.silent });
      try {
        for (const { type } of client.messages.create({ ...PARAMS, stream: true })) print(type);
      } catch (error) { print(error.name) }`;
    const [lines, exit] = await interrupted(code, 'content_block_delta');
    expect([lines.at(-1), exit]).toEqual(['KeyboardInterrupt', 0]);
  });

  it('may throw out of both branches of a tee', async () => {
    const code = `
      const thrown = new KeyboardInterrupt();
      process.on('SIGINT', () => { throw thrown });
      const client = new SyncAnthropic({ baseURL: process.env.silent });
      const [first, second] = client.messages.create({ ...PARAMS, stream: true }).tee();
      const end = (stream) => {
        try { for (const { type } of stream) print(type) } catch (error) { return error }
      };
      print(end(first) === thrown);
      print(end(second).cause === thrown);`;
    const [lines, exit] = await interrupted(code, 'content_block_delta');
    expect([lines.filter((line) => line === 'true').length, exit]).toEqual([2, 0]);
  });

  it('may end the process', async () => {
    const code = `
      process.on('SIGINT', () => { print('bye'); process.exit(7) });
      read(open());`;
    expect(await interrupted(code, 'Hello')).toEqual([['Hello', 'bye'], 7]);
  });

  it('may go on, and is called for the next signal too', async () => {
    const code = `
      let calls = 0;
      process.on('SIGINT', () => { print('call', ++calls); if (calls === 3) throw new KeyboardInterrupt() });
      print(read(open()).name);`;
    const lines = ['Hello', 'call 1', 'call 2', 'call 3', 'KeyboardInterrupt'];
    expect(await interrupted(code, 'Hello', 'call 1', 'call 2')).toEqual([lines, 0]);
  });

  it('that was registered with once leaves the next signal its default action', async () => {
    const code = `
      process.once('SIGINT', () => print('once'));
      read(open());`;
    expect(await interrupted(code, 'Hello', 'once')).toEqual([['Hello', 'once'], 'SIGINT']);
  });

  it('may be registered again after it was removed', async () => {
    const code = `
      const first = () => { process.off('SIGINT', first); process.on('SIGINT', second); handler = 'second' };
      const second = () => { throw new KeyboardInterrupt() };
      let handler = 'first';
      process.on('SIGINT', first);
      const client = new SyncAnthropic({ baseURL: process.env.pings });
      try {
        for (const { type } of client.messages.create({ ...PARAMS, stream: true })) {
          if (type === 'ping') print(handler);
        }
      } catch (error) { print(error.name) }`;
    const [lines, exit] = await interrupted(code, 'first', 'second');
    expect([new Set(lines), exit]).toEqual([new Set(['first', 'second', 'KeyboardInterrupt']), 0]);
  });
});

describe.concurrent('a SIGINT that arrives', () => {
  it('between two waits is handled in the next', async () => {
    const code = `
      process.on('SIGINT', () => { throw new KeyboardInterrupt() });
      const stream = open();
      const reader = stream.textStream[Symbol.iterator]();
      print(reader.next().value);
      process.kill(process.pid, 'SIGINT');
      print('still here');
      try { reader.next() } catch (error) { print(error.name) }`;
    expect(await interrupted(code)).toEqual([['Hello', 'still here', 'KeyboardInterrupt'], 0]);
  });

  it('in a loop that never waits is handled in the loop', async () => {
    const code = `
      let isStopped = false;
      process.on('SIGINT', () => { isStopped = true });
      let texts = 0;
      for (const text of open('endless').textStream) {
        if (++texts === 1000) process.kill(process.pid, 'SIGINT');
        if (isStopped) break;
      }
      print('stopped');`;
    expect(await interrupted(code)).toEqual([['stopped'], 0]);
  });

  it('in the event loop, after a wait, is handled there', async () => {
    const code = `
      read(open('hello'));
      const alive = setInterval(() => {}, 1000);
      process.on('SIGINT', () => { print('handled'); clearInterval(alive) });
      read(open('hello'));
      print('free');`;
    const [lines, exit] = await interrupted(code, 'free');
    expect([lines.slice(-2), exit]).toEqual([['free', 'handled'], 0]);
  });

  it('during a wait is handled once', async () => {
    const code = `
      const stream = open();
      process.on('SIGINT', () => { print('handled'); stream.close() });
      read(stream);
      await pause(300);
      print('end');`;
    expect(await interrupted(code, 'Hello')).toEqual([['Hello', 'handled', 'end'], 0]);
  });

  it('is handled during the last wait of a script', async () => {
    const { child, printed, go, finished } = late(`
      let isStopped = false;
      process.on('SIGINT', () => { isStopped = true; print('handled') });
      read(open('late'));
      print(isStopped);`);
    await printed('Hello\n');
    child.kill('SIGINT');
    await printed('handled');
    await go();
    const stdout = 'Hello\nhandled\n, \nwörld\ntrue\n';
    expect(await finished).toMatchObject({ code: 0, stdout, stderr: '' });
  });

  it('breaks off a script with breakOnSigint instead, as without a client', async () => {
    const code = `
      import vm from 'node:vm';
      process.on('SIGINT', () => { throw new KeyboardInterrupt() });
      read(open('hello'));
      globalThis.print = print;
      const endless = new vm.Script('print("runs"); for (;;);');
      try { endless.runInThisContext({ breakOnSigint: true }) } catch (error) { print(error.code) }
      print(read(open()).name);`;
    const [lines, exit] = await interrupted(
      code,
      'runs',
      'ERR_SCRIPT_EXECUTION_INTERRUPTED\nHello',
    );
    expect([lines.slice(-4), exit]).toEqual([
      ['runs', 'ERR_SCRIPT_EXECUTION_INTERRUPTED', 'Hello', 'KeyboardInterrupt'],
      0,
    ]);
  });

  it('again and again, faster than they are handled, never ends the process', async () => {
    const { child, printed, go, finished } = late(`
      let calls = 0;
      process.on('SIGINT', () => { if (++calls === 1) print('handled') });
      read(open('late'));
      print(calls <= 500);`);
    await printed('Hello\n');
    for (let i = 0; i < 500; i++) child.kill('SIGINT');
    await printed('handled');
    await go();
    const stdout = 'Hello\nhandled\n, \nwörld\ntrue\n';
    expect(await finished).toMatchObject({ code: 0, stdout, stderr: '' });
  });
});

it('a handler for another signal runs when the thread is free', async () => {
  const { child, printed, go, finished } = late(`
    const alive = setInterval(() => {}, 1000);
    process.on('SIGTERM', () => { print('handled'); clearInterval(alive) });
    read(open('late'));
    print('end');`);
  await printed('Hello\n');
  child.kill('SIGTERM');
  await go();
  expect((await finished).stdout).toBe('Hello\n, \nwörld\nend\nhandled\n');
});

it('a loop that yields runs handlers between its items, on every runtime', async () => {
  const code = `
    let isStopped = false;
    process.on('SIGINT', () => { isStopped = true });
    const client = new SyncAnthropic({ baseURL: process.env.endless });
    let texts = 0;
    for (const text of client.messages.stream(PARAMS).textStream) {
      if (++texts === 10) process.kill(process.pid, 'SIGINT');
      await new Promise(setImmediate);
      if (isStopped) break;
    }
    print('stopped');`;
  // As in Bun and Deno, where nothing else runs them.
  const withoutWatch = `Object.defineProperty(process, 'versions', { value: { ...process.versions, bun: '1' } });`;
  for (const before of ['', withoutWatch])
    expect(await interrupted(before + code)).toEqual([['stopped'], 0]);
});

describeTerminal('Ctrl-C on a terminal, during a wait', () => {
  it.each([
    ['is handled', `process.on('SIGINT', () => { print('bye'); process.exit(7) });`, 7, 'bye'],
    // `script` reports 128 and the signal.
    ['ends a process without handlers', '', 130, '^C'],
  ])('%s', async (_name, handler, code, printed) => {
    const running = scriptInTerminal(`${HELPERS}${handler} read(open())`, environment());
    await running.printed('Hello');
    running.child.stdin?.write(CTRL_C);
    const finished = await running.finished;
    expect(finished.code).toBe(code);
    expect(finished.stdout).toContain(printed);
  });
});
