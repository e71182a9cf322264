import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmulator, reply, serve } from '../../dist/testing.js';
import { startProcess } from '../harness/process.mjs';
import { startRedis } from '../harness/redis.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';

export const title = 'The relay: a follower’s next text when the producer’s process ends';

export const modes = {
  full: { lease: 1_000, times: 2 },
  smoke: { lease: 1_000, times: 1 },
};

const PEER = 'resumable-stream 2.2.13';
const TEXT = Array.from({ length: 2_000 }, (_, n) => `word${n}`).join(' ');
/** What the producer has sent may still be on its way. */
const IN_FLIGHT_MS = 300;

export async function run({ lease, times }) {
  const redis = await startRedis();
  const emulator = createEmulator({
    replies: () => reply.text(TEXT),
    pace: { tokensPerSecond: 100 },
  });
  const api = await serve(emulator);
  const open = (kind) => openPair(kind, { redis, baseURL: api.url, lease });
  try {
    const slowest = async (how) => {
      const all = [];
      for (let n = 0; n < times; n++) all.push(await gapOf(await open('millrace'), how));
      return Math.max(...all);
    };
    const killed = await slowest(KILL);
    const limit = { unit: 'ms', against: 'ceiling' };
    const what = `after SIGKILL, with a lease of ${lease} ms`;
    return [
      ceilingRow({ ...limit, what, ours: killed, ceiling: lease + 1_000 }),
      ceilingRow({ ...limit, what: 'after drain()', ours: await slowest(DRAIN), ceiling: 300 }),
      row({
        what,
        unit: 'ms',
        ours: killed,
        against: PEER,
        theirs: await peerGap(await open(PEER)),
      }),
    ];
  } finally {
    redis.stop();
    await api.close();
  }
}

const KILL = async ({ child }) => child.kill('SIGKILL');

const DRAIN = async ({ child }) => void child.send('drain');

/** A process that produces a stream, and one that follows it. */
async function openPair(kind, { redis, baseURL, lease }) {
  redis.cli('flushall');
  const args = [kind, redis.url, baseURL, lease];
  const [producer, follower] = await Promise.all(
    [1, 2].map(() => startProcess('relay-member', args)),
  );
  producer.child.send('start');
  await messageOf(producer);
  follower.child.send('follow');
  for (let texts = 0; texts < 5; texts++) await messageOf(follower);
  return { producer, follower };
}

/** How long after the end of the producer the follower gets what another one has produced, in ms. */
async function gapOf({ producer, follower }, end) {
  const since = performance.now();
  await end(producer);
  for (;;) {
    const { epoch } = await messageOf(follower);
    if (epoch > 1) break;
  }
  const gap = performance.now() - since;
  for (const { child } of [producer, follower]) child.kill('SIGKILL');
  return gap;
}

/** The same for a peer, whose texts don't say who produced them: Infinity where none comes in five seconds. */
async function peerGap({ producer, follower }) {
  const since = performance.now();
  producer.child.kill('SIGKILL');
  await sleep(IN_FLIGHT_MS);
  const next = messageOf(follower).then(() => performance.now() - since);
  next.catch(() => {}); // It is killed while it waits.
  const gap = await Promise.race([next, sleep(5_000, Number.POSITIVE_INFINITY)]);
  follower.child.kill('SIGKILL');
  return gap;
}

/** The next message of a process. @throws where it ends first. */
async function messageOf({ child }) {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a process that follows or produces has ended');
  });
  ended.catch(() => {});
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    over.abort();
  }
}
