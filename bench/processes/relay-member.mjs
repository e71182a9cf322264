/*
 * One of the processes that share a stream in Redis. Arguments: whose relay, the URLs of Redis and of the API, and the
 * lease in ms. It starts, follows or drains as it is told, and tells each text that it reads: by which producer it was
 * written, where that is known.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { Anthropic } from '../../dist/index.js';
import { createRelay, redisEngine } from '../../dist/relay.js';
import { PARAMS, tokens } from '../harness/relay-source.mjs';

const [kind, redis, baseURL, lease] = process.argv.slice(2);

const KINDS = {
  millrace: async () => {
    const client = await createClient({ url: redis }).connect();
    const api = new Anthropic({ apiKey: 'key', baseURL });
    const relay = createRelay({ engine: redisEngine(client), client: api, lease: Number(lease) });
    return {
      start: () => relay.start('a', PARAMS),
      follow: async () => {
        const stream = relay.follow('a');
        for await (const { type } of stream) {
          if (type !== 'content_block_delta') continue;
          process.send({ epoch: Number(/\.(\d+)-/.exec(stream.lastEventId)[1]) });
        }
      },
      drain: () => relay.drain(),
    };
  },
  peer: async () => {
    const { PEERS } = await import('../harness/relay-peers.mjs');
    const peer = await PEERS[kind](redis);
    return {
      start: async () => {
        void peer.produce(tokens(10_000, 10));
        // It doesn't say when there is something to follow.
        await sleep(200);
      },
      follow: () => peer.follow(() => process.send({ epoch: 1 })),
    };
  },
};

const member = await (KINDS[kind] ?? KINDS.peer)();
process.on('disconnect', () => process.exit());
process.on('message', async (what) => {
  const done = member[what]();
  if (what === 'follow') return;
  await done;
  process.send({ did: what });
});
process.send({ isReady: true });
