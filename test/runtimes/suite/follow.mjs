import { APIError, MessageStream, RunStream } from 'millrace';

/*
 * One message, or one run of tools, over many connections, from a relay over HTTP whose connections break: each case names what the relay
 * keeps and how its connections end (follow-server.mjs), and what a reader must get.
 */

const TEXT = 'Grüße aus dem Relay 🌍, one piece after the other. '.repeat(4);

const textOf = (stream) => stream.getFinalText();
const errorOf = async (stream) => {
  const error = await stream.getFinalMessage().catch((error) => error);
  if (!(error instanceof APIError)) return `${error}`;
  const [block] = error.partialMessage?.content ?? [];
  return [error.name, error.cause, TEXT.startsWith(block?.text ?? 'nothing')];
};

/** What a run brings. */
const runOf = async (run) => {
  const text = await run.getFinalText();
  const [, { content }] = run.messages;
  return [text, run.messages.length, content.map((result) => result.content)];
};
const RUN = [TEXT, 3, ['18 °C in Oslo']];

export const FOLLOWED = [
  { name: 'over one connection', read: textOf, gives: TEXT, connections: 1 },
  {
    name: 'over connections that are reset anywhere',
    cuts: [40, 700, 611, 333, 402],
    read: textOf,
    gives: TEXT,
    connections: 6,
  },
  {
    name: 'over connections that end anywhere',
    cuts: [40, 700, 611, 333, 402],
    isGentle: true,
    read: textOf,
    gives: TEXT,
    connections: 6,
  },
  {
    name: 'over a server that is busy at first',
    refused: 1,
    read: textOf,
    gives: TEXT,
    connections: 2,
  },
  {
    name: 'to the error that the stream ended with',
    fails: true,
    read: errorOf,
    gives: ['OverloadedError', undefined, true],
    connections: 1,
  },
  {
    name: 'to its stop, with the reason',
    isSilent: true,
    read: async (stream, ask) => {
      const [failed] = await Promise.all([errorOf(stream), ask('stop')]);
      return failed;
    },
    gives: ['APIUserAbortError', 'enough', true],
    connections: 1,
  },
  {
    name: 'to no stream at all',
    isMissing: true,
    read: errorOf,
    gives: ['NotFoundError', undefined, false],
    connections: 1,
  },
  {
    name: 'until it is left, which frees the socket and stops nothing',
    isSilent: true,
    read: async (stream, ask) => {
      for await (const _ of stream) break;
      await ask('left');
      return ask('state');
    },
    gives: 'streaming',
    connections: 1,
  },
  { name: 'a run over one connection', isRun: true, read: runOf, gives: RUN, connections: 1 },
  {
    name: 'a run over connections that are reset anywhere',
    isRun: true,
    cuts: [40, 700, 611, 333, 402],
    read: runOf,
    gives: RUN,
    connections: 6,
  },
  {
    name: 'a run over connections that end anywhere',
    isRun: true,
    cuts: [40, 700, 611, 333, 402],
    isGentle: true,
    read: runOf,
    gives: RUN,
    connections: 6,
  },
  {
    name: 'a run, to the stop of it, with the reason',
    isRun: true,
    isSilent: true,
    read: async (run, ask) => {
      const [failed] = await Promise.all([
        run.untilDone().catch(({ name, cause }) => [name, cause]),
        ask('stop'),
      ]);
      return failed;
    },
    gives: ['APIUserAbortError', 'enough'],
    connections: 1,
  },
  {
    name: 'a run until it is left, which frees the socket and stops nothing',
    isRun: true,
    isSilent: true,
    read: async (run, ask) => {
      for await (const _ of run.events) break;
      await ask('left');
      return ask('state');
    },
    gives: 'streaming',
    connections: 1,
  },
];

export { TEXT };

/** Over the runtime's own `fetch`. */
export function followChecks({ relay }) {
  return FOLLOWED.map(({ name, read, gives, connections, isRun }, n) => ({
    name,
    run: async () => {
      const url = `${relay}/${n}`;
      let count = 0;
      const { follow } = isRun ? RunStream : MessageStream;
      const stream = follow((id, signal) => {
        count++;
        return fetch(url, { signal, headers: id === undefined ? {} : { 'last-event-id': id } });
      });
      const ask = (question) => fetch(`${url}/${question}`).then((answer) => answer.text());
      const [actual, expected] = [
        [await read(stream, ask), count],
        [gives, connections],
      ].map((it) => JSON.stringify(it));
      return actual === expected ? [] : [`${actual}, not ${expected}`];
    },
  }));
}
