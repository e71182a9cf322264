/* millrace as `relay-peers.mjs` has its peers: one producer, any number of followers. */
import { createClient } from '@redis/client';
import { Anthropic } from '../../dist/index.js';
import { createRelay, redisEngine, writeResponse } from '../../dist/relay.js';
import { fetchOf, PARAMS } from './relay-source.mjs';

export async function millrace(url) {
  const client = await createClient({ url }).connect();
  let texts;
  const api = new Anthropic({ apiKey: 'key', fetch: fetchOf(() => texts) });
  const relay = createRelay({ engine: redisEngine(client), client: api });
  return {
    produce: async (source) => {
      texts = source;
      const stream = await relay.start('a', PARAMS);
      await stream.untilDone();
    },
    follow: async (got) => {
      const response = await relay.handle(new Request('http://host/'), 'a');
      await writeResponse(response, sink(got));
    },
    bytes: async (cli) => Number(cli('memory', 'usage', 'mr:{a}:log', 'samples', '0')),
    close: async () => client.destroy(),
  };
}

const utf8 = new TextDecoder();
/** The bytes of an entry are the same object for all followers: their text is read once. */
const texts = new WeakMap();

/** A response without a socket. */
function sink(got) {
  return {
    statusCode: 200,
    destroyed: false,
    setHeader() {},
    write(bytes) {
      let text = texts.get(bytes);
      if (text === undefined) {
        text = [...utf8.decode(bytes).matchAll(/"text":"([^"]+)"/g)].map(([, it]) => it).join('');
        texts.set(bytes, text);
      }
      got(text);
      return true;
    },
    end() {},
    on() {},
  };
}
