import { Anthropic, APIConnectionError, APIUserAbortError, MessageStream } from 'millrace';
import { CASES } from '../../contract/cases.ts';
import { NETWORK } from './network.mjs';

/*
 * Thousands of streams, one way after the other: what is over may not stay in memory. Each way names what the server
 * plays (network-scripts.mjs), and uses one stream to its end.
 */

const PARAMS = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
/** Before the first look: code is compiled and connections are opened. */
const WARM_UP = 300;
const ROUNDS = 3;
const AT_ONCE = 10;
/** Milliseconds. A machine with much else to do took 20,000. */
const LIMIT = 120_000;
/**
 * Bytes of each stream, in the round that grew least: what leaks, leaks in each. A stream that stays is 20,000; what
 * compilers and pools take while they warm up comes in some rounds only.
 */
const MAX_GROWTH = 300;
/** The latest streams, which platforms hold a little longer, such as in a buffer of events. */
const MAX_ALIVE = 100;

const fails = async (promise, Class) => {
  const error = await promise.then(
    () => undefined,
    (error) => error,
  );
  if (!(error instanceof Class)) throw new Error(`it should have failed, not: ${error}`);
};
const firstPiece = (stream) => stream.textStream[Symbol.asyncIterator]().next();

/** One signal for all streams, as a server has that shuts down at the end. */
const lasting = new AbortController();

const WAYS = {
  'that are complete': {
    plays: 'hello',
    use: async (stream) => void (await stream.getFinalMessage()),
  },
  'with a signal that outlives them': {
    plays: 'hello',
    options: () => ({ signal: lasting.signal }),
    use: async (stream) => void (await stream.getFinalMessage()),
  },
  'with readers and listeners': {
    plays: 'hello',
    use: async (stream) => {
      stream.on('text', () => {});
      stream.on('message', () => {});
      for await (const _ of stream);
    },
  },
  'that are broken off': {
    plays: 'silent',
    use: async (stream) => {
      for await (const _ of stream.textStream) break;
    },
  },
  'that are closed': {
    plays: 'silent',
    use: async (stream) => {
      await firstPiece(stream);
      stream.close();
      await fails(stream.getFinalMessage(), APIUserAbortError);
    },
  },
  'that time out': {
    plays: 'silent',
    options: () => ({ timeout: { idle: 20 } }),
    use: (stream) => fails(stream.getFinalMessage(), APIConnectionError),
  },
  'that are cut': {
    plays: 'cut',
    use: (stream) => fails(stream.getFinalMessage(), APIConnectionError),
  },
  'that are reset': {
    plays: 'reset',
    use: (stream) => fails(stream.getFinalMessage(), APIConnectionError),
  },
  'that are passed on': {
    plays: 'hello',
    use: async (stream) => void (await MessageStream.from(stream.toResponse()).getFinalMessage()),
  },
};

/**
 * @param platform `collect()` frees what can be freed; `heap()`, where the platform knows it, is how many bytes there are;
 *   `streams` is how many a round has.
 */
export function memoryChecks({ contract }, platform) {
  return Object.entries(WAYS).map(([way, { plays, use, options = () => ({}) }]) => {
    const n = CASES.length + NETWORK.findIndex((it) => it.plays === plays);
    const client = new Anthropic({
      apiKey: 'key',
      baseURL: `${contract}/${n}/memory`,
      dangerouslyAllowBrowser: true,
      maxRetries: 0,
    });
    const alive = [];
    const one = async () => {
      const stream = client.messages.stream(PARAMS, options());
      alive.push(new WeakRef(stream));
      await use(stream);
    };
    return {
      name: `${ROUNDS * platform.streams} streams ${way}`,
      run: () => grownBy(one, alive, platform),
      limit: LIMIT,
    };
  });
}

async function grownBy(one, alive, { collect, heap, streams }) {
  await repeat(one, WARM_UP);
  await collect();
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < ROUNDS; n++) {
    const before = await heap?.();
    await repeat(one, streams);
    await collect();
    if (heap !== undefined) least = Math.min(least, ((await heap()) - before) / streams);
  }
  const left = alive.filter((stream) => stream.deref() !== undefined).length;
  const isGrowing = heap !== undefined && least > MAX_GROWTH;
  return [
    ...(isGrowing ? [`each stream left ${Math.round(least)} bytes`] : []),
    ...(left > MAX_ALIVE ? [`${left} streams are still there`] : []),
  ];
}

async function repeat(one, times) {
  let left = times;
  const work = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
