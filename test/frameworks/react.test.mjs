/* millrace/react in jsdom: what is rendered, how often, and in StrictMode. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { JSDOM } from 'jsdom';

const dom = new JSDOM('<div id="root"></div>', { url: 'http://localhost' });
globalThis.window = dom.window;
globalThis.document = dom.window.document;

const { act, createElement: h, Fragment, StrictMode } = await import('react');
const { createRoot } = await import('react-dom/client');
const { renderToString } = await import('react-dom/server');
const { Anthropic, tool } = await import('millrace');
const { useChat, useMessageStream } = await import('millrace/react');
const { createRelay, memoryEngine } = await import('millrace/relay');
const { createEmulator, fault, reply } = await import('millrace/testing');

const PARAMS = { model: 'claude-opus-4-8', max_tokens: 100 };
const weather = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => `Sunny in ${city}`,
});
const textOf = (content) =>
  typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');

let answers;
let emulator;
let client;
let asked;
let runner;
let root;
beforeEach(() => {
  answers = [];
  asked = [];
  emulator = createEmulator({ replies: () => answers.shift() });
  client = new Anthropic({
    apiKey: 'test',
    maxRetries: 0,
    fetch: emulator.fetch,
    // jsdom looks like a page.
    dangerouslyAllowBrowser: true,
  });
  root = createRoot(document.getElementById('root').appendChild(document.createElement('div')));
});
afterEach(() => root.unmount());

/** What a server does with the conversation. */
const open = async (messages, signal) => {
  asked.push(messages);
  runner = client.messages.toolRunner(
    { ...PARAMS, messages, tools: [weather] },
    { approve: 'ask', signal },
  );
  return runner.toResponse({ history: false });
};

/** Mounts a hook. `shown` has the result of each render, the latest last. */
async function mount(use, { strict = true } = {}) {
  const shown = [];
  const Component = () => {
    shown.push(use());
    return null;
  };
  // Its effects too, which StrictMode runs twice.
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  await act(async () => root.render(h(strict ? StrictMode : Fragment, null, h(Component))));
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
  const until = async (test) => {
    for (let n = 0; n < 5_000; n++) {
      if (shown.length > 0 && test(shown.at(-1))) return shown.at(-1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.fail(`not shown: ${test}; but ${JSON.stringify(shown.at(-1))}`);
  };
  return { shown, until };
}

const stalled = () =>
  reply.faulty(reply.text('Once upon a time there was a mill.'), fault.stall({ event: 5 }));
const last = ({ messages }) => textOf(messages.at(-1)?.content ?? '');

describe('useChat', () => {
  const chat = (options) => mount(() => useChat({ open, ...options }));

  it('a conversation, turn by turn', async () => {
    answers.push(reply.text('Hello!'), reply.text('Fine.'));
    const { until } = await chat();
    const { send } = await until(({ status }) => status === 'ready');
    void send('Hi');
    await until((it) => it.status === 'ready' && last(it) === 'Hello!');
    await send('How are you?');
    const { messages, error } = await until((it) => last(it) === 'Fine.');
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user', 'assistant'],
    );
    assert.deepEqual(asked[1], messages.slice(0, 3));
    assert.equal(error, undefined);
  });

  it('a second question while the first is answered: the first is stopped, and never shown again', async () => {
    answers.push(stalled(), reply.text('Second.'));
    const { shown, until } = await chat();
    const { send } = await until(({ status }) => status === 'ready');
    void send('One');
    await until((it) => it.messages.length === 2 && last(it).length > 3);
    await send('Two');
    await until((it) => it.status === 'ready' && last(it) === 'Second.');
    const afterwards = shown.slice(shown.findIndex((it) => it.messages.length === 3));
    assert.ok(
      !afterwards
        .slice(0, -1)
        .some(({ status, messages }) => status === 'ready' && messages.length === 3),
    );
    assert.equal(await emulator.requests[0].ended, 'left');
    // What was received of the first answer is part of the conversation.
    assert.match(textOf(asked[1][1].content), /^Once/);
  });

  it('stop, then regenerate', async () => {
    answers.push(stalled(), reply.text('Whole.'));
    const { until } = await chat();
    const { send, stop, regenerate } = await until(({ status }) => status === 'ready');
    void send('Tell me');
    await until((it) => it.messages.length === 2 && last(it).length > 3);
    stop();
    const stopped = await until(({ status }) => status === 'ready');
    assert.equal(stopped.error, undefined);
    assert.match(last(stopped), /^Once/);
    await regenerate();
    const { messages } = await until((it) => last(it) === 'Whole.');
    assert.equal(messages.length, 2);
    assert.equal(asked[1].length, 1);
  });

  it('an error, after what came before it', async () => {
    answers.push(reply.sequence(reply.text('Once upon'), reply.error(529)));
    const { until } = await chat();
    await (await until(({ status }) => status === 'ready')).send('Tell me');
    const it = await until(({ status }) => status === 'error');
    assert.equal(it.error.name, 'OverloadedError');
    assert.equal(last(it), 'Once upon');
  });

  it('a call with approval, its progress and its result', async () => {
    answers.push(reply.toolUse('get_weather', { city: 'Oslo' }, { id: 't' }), reply.text('Sunny.'));
    const decide = async (id, verdict) => runner.decide(id, verdict);
    const { shown, until } = await chat({ decide });
    void (await until(({ status }) => status === 'ready')).send('Weather?');
    const waiting = await until(({ calls }) => calls.t?.state === 'asked');
    await waiting.decide(waiting.calls.t.approvalId, true);
    const done = await until((it) => it.status === 'ready' && last(it) === 'Sunny.');
    assert.equal(done.calls.t.result.content, 'Sunny in Oslo');
    assert.equal(done.messages.length, 4);
    assert.ok(shown.some(({ calls }) => calls.t?.state === 'asked'));
  });

  it('a call whose result is deferred', async () => {
    answers.push(reply.toolUse('get_weather', { city: 'Oslo' }, { id: 't' }));
    const later = { ...weather, run: (_, { defer }) => defer() };
    const options = { messages: [], tools: [later] };
    const ask = async (messages) =>
      client.messages.toolRunner({ ...PARAMS, ...options, messages }).toResponse();
    const { until } = await chat({ open: ask });
    void (await until(({ status }) => status === 'ready')).send('Weather?');
    const done = await until(({ status, calls }) => status === 'ready' && calls.t !== undefined);
    assert.equal(done.calls.t.state, 'deferred');
    assert.equal(done.messages.length, 2);
  });

  it('stopped while a call waits, the conversation can go on: the API wants no call without a result', async () => {
    answers.push(
      reply.sequence(reply.text('I look.'), reply.toolUse('get_weather', { city: 'Oslo' })),
      reply.text('As you like.'),
    );
    const { until } = await chat();
    const { send, stop } = await until(({ status }) => status === 'ready');
    void send('Weather?');
    await until(({ calls }) => Object.values(calls).some(({ state }) => state === 'asked'));
    stop();
    await send('Never mind');
    await until((it) => it.status === 'ready' && last(it) === 'As you like.');
  });

  it('resumes an answer with its history; 204 is nothing', async () => {
    answers.push(reply.text('Hello!'));
    const { until } = await chat();
    const { resume } = await until(({ status }) => status === 'ready');
    const messages = [{ role: 'user', content: 'Hi' }];
    const run = client.messages.toolRunner({ ...PARAMS, messages, tools: [weather] });
    await resume(async () => run.toResponse({ history: true }));
    assert.equal((await until((it) => it.messages.length === 2)).messages[0].content, 'Hi');
    await resume(async () => new Response(null, { status: 204 }));
    assert.equal((await until(({ status }) => status === 'ready')).messages.length, 2);
  });

  it('shows an answer with history while it is written, once', async () => {
    answers.push(stalled());
    const messages = [{ role: 'user', content: 'Hi' }];
    const run = client.messages.toolRunner({ ...PARAMS, messages, tools: [weather] });
    const { until } = await chat({ messages });
    void (await until(({ status }) => status === 'ready')).resume(async () =>
      run.toResponse({ history: true }),
    );
    const { stop } = await until((it) => it.messages.length === 2 && last(it).length > 3);
    stop();
    assert.equal((await until(({ status }) => status === 'ready')).messages.length, 2);
  });

  it('resumes the answer to the last question without history', async () => {
    answers.push(reply.text('Hello!'), reply.text('Hello!'));
    const { until } = await chat();
    const { setMessages, resume } = await until(({ status }) => status === 'ready');
    const messages = [{ role: 'user', content: 'Hi' }];
    setMessages(messages);
    // The second time the answer is shown already.
    for (let n = 0; n < 2; n++) {
      const run = client.messages.toolRunner({ ...PARAMS, messages, tools: [weather] });
      await resume(async () => run.toResponse());
      const it = await until(
        ({ status, messages: { length } }) => status === 'ready' && length > 1,
      );
      assert.deepEqual([it.messages.length, last(it)], [2, 'Hello!']);
    }
  });

  it('unmounting ends the request', async () => {
    answers.push(stalled());
    const { until } = await chat();
    void (await until(({ status }) => status === 'ready')).send('Tell me');
    await until((it) => it.messages.length === 2 && last(it).length > 3);
    root.unmount();
    assert.equal(await emulator.requests[0].ended, 'left');
  });

  it('renders on a server', () => {
    const Component = () => useChat().messages.length + useMessageStream().status;
    assert.equal(renderToString(h(Component)), '0ready');
  });
});

/** A response whose connection is lost after four events. */
async function cut(response) {
  const events = (await response.text()).split('\n\n').slice(0, 4);
  const bytes = new TextEncoder().encode(`${events.join('\n\n')}\n\n`);
  let isSent = false;
  const body = new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new Error('lost'));
      isSent = true;
      controller.enqueue(bytes);
    },
  });
  return new Response(body, response);
}

describe('useMessageStream', () => {
  it('shows a message as it grows, once per event at most', async () => {
    answers.push(reply.text('Once upon a time there was a mill.'));
    const { shown, until } = await mount(() => useMessageStream(), { strict: false });
    const { ask } = await until(({ status }) => status === 'ready');
    const stream = client.messages.stream({
      ...PARAMS,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    let events = 0;
    stream.on('event', () => events++);
    const before = shown.length;
    const message = await ask(async () => stream.toResponse());
    assert.equal(textOf(message.content), 'Once upon a time there was a mill.');
    const done = await until(({ status, message }) => status === 'ready' && message !== undefined);
    assert.deepEqual(done.message, message);
    // And one for `submitted`, one for `ready`.
    assert.ok(shown.length - before <= events + 2, `${shown.length - before} of ${events}`);
  });

  it('asked again, shows the second only', async () => {
    answers.push(stalled(), reply.text('Second.'));
    const { shown, until } = await mount(() => useMessageStream());
    const { ask } = await until(({ status }) => status === 'ready');
    const opened = async (signal) =>
      client.messages
        .stream({ ...PARAMS, messages: [{ role: 'user', content: 'Hi' }] }, { signal })
        .toResponse();
    const first = ask(opened);
    await until(({ message }) => message !== undefined && textOf(message.content).length > 3);
    const second = await ask(opened);
    assert.match(textOf((await first).content), /^Once/);
    assert.equal(textOf(second.content), 'Second.');
    const done = await until(({ status }) => status === 'ready');
    assert.equal(textOf(done.message.content), 'Second.');
    assert.ok(shown.every(({ error }) => error === undefined));
  });

  it('follows a stream of a relay over two connections', async () => {
    answers.push(reply.text('Once upon a time there was a mill.'));
    const relay = createRelay({ client, engine: memoryEngine() });
    const params = { ...PARAMS, messages: [{ role: 'user', content: 'Hi' }] };
    await relay.start('a', params);
    const ids = [];
    const { until } = await mount(() => useMessageStream());
    const { follow } = await until(({ status }) => status === 'ready');
    const message = await follow(async (lastEventId, signal) => {
      ids.push(lastEventId);
      const headers = lastEventId ? { 'last-event-id': lastEventId } : {};
      const response = await relay.handle(new Request('http://host/', { headers, signal }), 'a');
      return ids.length === 1 ? cut(response) : response;
    });
    assert.equal(textOf(message.content), 'Once upon a time there was a mill.');
    assert.equal(ids.length, 2);
    assert.equal(ids[0], undefined);
    assert.ok(ids[1]);
    await until(({ status, message: shown }) => status === 'ready' && shown !== undefined);
  });

  it('shows an error', async () => {
    const { until } = await mount(() => useMessageStream());
    await (await until(({ status }) => status === 'ready')).ask(
      async () => new Response('no', { status: 401 }),
    );
    assert.equal(
      (await until(({ status }) => status === 'error')).error.name,
      'AuthenticationError',
    );
  });
});
