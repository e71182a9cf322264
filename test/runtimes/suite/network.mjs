import { Anthropic, APIConnectionError, APIError, MessageStream } from 'millrace';
import { CASES } from '../../contract/cases.ts';

/*
 * What a network does, over real sockets, and whether the socket is free when a stream is left: each case
 * names what the server plays (network-scripts.mjs), and returns what was not as expected.
 */

const PARAMS = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const HELLO = 'Hello, wörld 🌍';

const { Deno, process } = globalThis;
/** Where a reset takes no text back that has arrived before it. */
const KEEPS_TEXT = Deno !== undefined || (process?.versions?.node && !process.versions.bun);

const same = (actual, expected) => {
  const [is, was] = [actual, expected].map((it) => JSON.stringify(it));
  return is === was ? [] : [`${is}, not ${was}`];
};
const failureOf = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => error,
  );
const first = async (source) => {
  for await (const item of source) return item;
};
/** A stream that is being read and waits for more. */
const opened = async ({ client, options }) => {
  const stream = client.messages.stream(PARAMS, options);
  const pieces = stream.textStream[Symbol.asyncIterator]();
  await pieces.next();
  return { stream, rest: failureOf(pieces.next()) };
};

/** How a stream is left. The server must see its connection closed. */
const LEAVING = {
  'close()': async (it) => {
    const { stream, rest } = await opened(it);
    stream.close();
    return same((await rest).name, 'APIUserAbortError');
  },
  break: async ({ client }) =>
    same(await first(client.messages.stream(PARAMS).textStream), 'Hello'),
  'a signal': async (it) => {
    const leaving = new AbortController();
    const { rest } = await opened({ ...it, options: { signal: leaving.signal } });
    leaving.abort();
    return same((await rest).name, 'APIUserAbortError');
  },
  'client.close()': async (it) => {
    const { rest } = await opened(it);
    it.client.close();
    return same((await rest).name, 'APIUserAbortError');
  },
  ...Object.fromEntries(
    ['idle', 'total'].map((clock) => [
      `timeout.${clock}`,
      async (it) => {
        const { rest } = await opened({ ...it, options: { timeout: { [clock]: 300 } } });
        return same((await rest).phase, clock);
      },
    ]),
  ),
  'a break of a raw stream': async ({ client }) => {
    const stream = await client.messages.create({ ...PARAMS, stream: true });
    return same((await first(stream)).type, 'message_start');
  },
  'a signal of the fetch that MessageStream.from reads': async ({ url }) => {
    const leaving = new AbortController();
    const response = await fetch(`${url}/v1/messages`, { method: 'POST', signal: leaving.signal });
    const stream = MessageStream.from(response, { signal: leaving.signal });
    const pieces = stream.textStream[Symbol.asyncIterator]();
    await pieces.next();
    leaving.abort();
    return same((await failureOf(pieces.next())).name, 'APIUserAbortError');
  },
};

const leaving = Object.entries(LEAVING).map(([how, leave]) => ({
  name: `${how} frees the socket of a silent stream`,
  plays: 'silent',
  run: async (it) => [...(await leave(it)), ...same(await it.ask('left'), 'yes')],
}));

const before = [
  ['a signal', (leaving) => ({ signal: leaving.signal })],
  ['timeout.response', () => ({ timeout: { response: 300 } })],
].map(([how, optionsOf]) => ({
  name: `${how} frees the socket of a request without a response`,
  plays: 'mute',
  run: async ({ client, ask }) => {
    const leaving = new AbortController();
    const failed = failureOf(client.messages.stream(PARAMS, optionsOf(leaving)).getFinalText());
    setTimeout(() => leaving.abort(), 600);
    const { name } = await failed;
    return [
      ...same(name, how === 'a signal' ? 'APIUserAbortError' : 'APITimeoutError'),
      ...same(await ask('left'), 'yes'),
    ];
  },
}));

const ends = [
  {
    name: 'a body that never ends is complete with its message, and its socket freed',
    plays: 'late end',
    run: async ({ client, ask }) => [
      ...same(await client.messages.stream(PARAMS).getFinalText(), HELLO),
      ...same(await ask('left'), 'yes'),
    ],
  },
  {
    name: 'text that a reset follows at once, thirty times',
    plays: 'reset',
    run: async ({ client, url }) => {
      const failures = [];
      for (let n = 0; n < 30; n++) {
        const again = client.withOptions({ baseURL: `${url}-${n}` });
        const error = await failureOf(again.messages.stream(PARAMS).getFinalMessage());
        if (!(error instanceof APIConnectionError)) failures.push(`no error: ${error}`);
        const text = error.partialMessage?.content[0]?.text;
        if (KEEPS_TEXT && text !== 'Hello') failures.push(`lost, number ${n}: ${error}`);
      }
      return failures;
    },
  },
  {
    name: 'a connection that is reset without a response names its host, and why',
    plays: 'no head',
    run: async ({ client, url }) => {
      const { name, message, retryable } = await failureOf(
        client.messages.stream(PARAMS).getFinalMessage(),
      );
      const isNamed = message.includes(`no connection to ${new URL(url).host}: `);
      return isNamed ? same([name, retryable], ['APIConnectionError', true]) : [message];
    },
  },
  {
    name: 'a body that ends too early',
    plays: 'cut',
    run: async ({ client }) => {
      const error = await failureOf(client.messages.stream(PARAMS).getFinalMessage());
      const { name, partialMessage } = error;
      return same([name, partialMessage?.content[0].text], ['StreamTruncatedError', 'Hello']);
    },
  },
];

const redirects = [301, 302, 303, 307, 308].map((status) => ({
  name: `HTTP ${status} is not followed`,
  plays: status,
  run: async ({ client }) => {
    const error = await failureOf(client.messages.stream(PARAMS).getFinalMessage());
    const isRefused = error instanceof APIError && /redirect/.test(error.message);
    return isRefused ? [] : [`${error}`];
  },
}));

const bodies = [
  ...['bytes', 'gzip', 'br'].map((plays) => ({
    name: `the body as ${plays}`,
    plays,
    run: async ({ client }) => same(await client.messages.stream(PARAMS).getFinalText(), HELLO),
  })),
  {
    name: 'the body as deflate, or an error that names it',
    plays: 'deflate',
    run: async ({ client }) => {
      const { value, name, message } = await failureOf(
        client.messages.stream(PARAMS).getFinalText(),
      );
      if (value !== undefined) return same(value, HELLO);
      return same(
        [name, message?.includes('content-encoding deflate')],
        ['StreamProtocolError', true],
      );
    },
  },
  {
    name: 'half of a body as gzip',
    plays: 'half of gzip',
    run: async ({ client }) => {
      const error = await failureOf(client.messages.stream(PARAMS).getFinalMessage());
      return error instanceof APIConnectionError ? [] : [`${error}`];
    },
  },
  {
    name: '20 MB of text',
    plays: 'large',
    run: async ({ client }) =>
      same((await client.messages.stream(PARAMS).getFinalText()).length, 20 << 20),
  },
  {
    name: '100 streams at once',
    plays: 'hello',
    run: async ({ client }) => {
      const streams = Array.from({ length: 100 }, () => client.messages.stream(PARAMS));
      const texts = await Promise.all(streams.map((stream) => stream.getFinalText()));
      return same([...new Set(texts)], [HELLO]);
    },
  },
];

export const NETWORK = [...leaving, ...before, ...ends, ...redirects, ...bodies];

/** Over the runtime's own transport. The server plays them after those of the contract. */
export function networkChecks({ contract }) {
  return NETWORK.map(({ name, run }, n) => {
    const url = `${contract}/${CASES.length + n}/network`;
    const baseURL = url;
    const options = { apiKey: 'key', baseURL, maxRetries: 0, dangerouslyAllowBrowser: true };
    return {
      name,
      run: () =>
        run({
          url,
          client: new Anthropic(options),
          ask: (question) => fetch(`${url}/${question}`).then((answer) => answer.text()),
        }),
    };
  });
}
