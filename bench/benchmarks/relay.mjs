import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../harness/median.mjs';
import { startRedis } from '../harness/redis.mjs';
import { millrace } from '../harness/relay-contender.mjs';
import { PEERS } from '../harness/relay-peers.mjs';
import { tokens } from '../harness/relay-source.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';
import { randomFrom } from '../random.mjs';

export const title = 'The relay: followers of one stream over Redis, in one process';

export const modes = {
  full: { followers: 1_000, chunks: 300, many: 5_000, rounds: 3 },
  smoke: { followers: 100, chunks: 60, many: 300, rounds: 1 },
};

const EVERY_MS = 10;

/** Peers whose followers also join at random times. Those of the third are late even where they join at the start. */
const JOINED_LATE = ['resumable-stream 2.2.13', 'assistant-stream 0.3.57'];

export async function run({ followers, chunks, many, rounds }) {
  const redis = await startRedis();
  const measure = (contender, options) =>
    follow(contender, { redis, chunks, followers, isLate: false, ...options });
  try {
    const alone = await measure(millrace, { followers: 0 });
    const ours = await measure(millrace);
    const crowd = await measure(millrace, { followers: many });
    const late = await measure(millrace, { isLate: true });
    const added = [(ours.cpu - alone.cpu) / followers];
    for (let round = 1; round < rounds; round++) {
      const [without, with_] = [
        await measure(millrace, { followers: 0, chunks: chunks / 2 }),
        await measure(millrace, { chunks: chunks / 2 }),
      ];
      added.push((with_.cpu - without.cpu) / followers);
    }
    const rows = [
      wholeRow(`whole of ${many} followers`, crowd, many),
      wholeRow(`whole of ${followers} followers that join at random times`, late, followers),
      limit('Redis commands per event', '', ours.commands, 0.5),
      // With what one follower costs as well: the process wakes for each event, and the benchmark is part of it.
      limit(
        'CPU of the process per event and follower, no socket',
        'µs',
        ours.cpu / followers,
        0.5,
      ),
      limit('CPU that each follower adds to an event, no socket', 'µs', median(added), 0.5),
      limit('append to follower, p50', 'ms', ours.p50, 30),
      limit('append to follower, p99', 'ms', ours.p99, 60),
      row({
        what: 'producer with followers, against alone',
        unit: 'ms',
        ours: ours.took,
        against: 'alone',
        theirs: alone.took,
        target: 1.05,
      }),
      limit('Redis memory per 1,000 events', 'kB', ours.bytes / chunks, 75),
    ];
    for (const [against, peer] of Object.entries(PEERS)) {
      const theirs = await measure(peer);
      const compare = (what, unit, name, isRate) =>
        rows.push(row({ what, unit, ours: ours[name], against, theirs: theirs[name], isRate }));
      compare(`whole of ${followers} followers`, '', 'whole', true);
      compare('append to follower, p50', 'ms', 'p50');
      compare('append to follower, p99', 'ms', 'p99');
      compare('Redis commands per event', '', 'commands');
      compare('the producer took', 'ms', 'took');
      compare('CPU of the process per event', 'µs', 'cpu');
      if (!JOINED_LATE.includes(against)) continue;
      const { whole } = await measure(peer, { isLate: true });
      const what = `whole of ${followers} followers that join at random times`;
      rows.push(row({ what, unit: '', ours: late.whole, against, theirs: whole, isRate: true }));
    }
    return rows;
  } finally {
    redis.stop();
  }
}

function wholeRow(what, { whole }, goal) {
  return row({
    what,
    unit: '',
    ours: whole,
    against: 'goal',
    theirs: goal,
    target: 1,
    isRate: true,
  });
}

function limit(what, unit, value, ceiling) {
  const it = ceilingRow({ what, unit, ours: value, ceiling });
  // Times of a small, cold run on another machine: a ceiling of milliseconds can't tell whether it is broken.
  return /^[µm]s$/.test(unit) ? { ...it, bound: undefined } : it;
}

/** One stream with followers: what each of them got, and what it cost. */
async function follow(contender, { redis: { url, cli }, chunks, followers, isLate }) {
  cli('flushall');
  const latencies = [];
  const subject = await contender(url);
  const since = performance.now();
  let expected = 0;
  const source = tokens(chunks, EVERY_MS);
  const produced = subject.produce(counted(source, (text) => (expected += text.length)));
  await sleep(3 * EVERY_MS);
  const random = randomFrom(followers);
  const lengths = new Float64Array(followers);
  const joined = Array.from({ length: followers }, async (_, number) => {
    if (isLate) await sleep(random() * (chunks - 20) * EVERY_MS);
    // To look at each text would cost more than to deliver it: one in twenty does.
    const isSample = number % 20 === 0;
    const got = (text) => {
      lengths[number] += text.length;
      if (!isSample) return;
      for (const [, at] of text.matchAll(/<(\d+\.\d+)>/g)) {
        latencies.push(performance.now() - Number(at));
      }
    };
    // One that fails has not got the whole.
    await subject.follow(got).catch(() => {});
  });
  await sleep(10 * EVERY_MS);
  latencies.length = 0;
  cli('config', 'resetstat');
  const before = process.cpuUsage();
  await Promise.race([produced, sleep(20_000, undefined, { ref: false })]);
  const took = performance.now() - since;
  await Promise.race([
    Promise.all(joined),
    sleep(isLate ? 3_000 : 20_000, undefined, { ref: false }),
  ]);
  const { user, system } = process.cpuUsage(before);
  const stats = cli('info', 'commandstats');
  // What scripts call is no round trip.
  const scripted = /^cmdstat_(config|info|xadd|xrevrange|publish|pexpire|set\b|ping)/;
  const calls = [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)].filter(
    ([line]) => contender !== millrace || !scripted.test(line),
  );
  const commands = calls.reduce((sum, [, , count]) => sum + Number(count), 0) / chunks;
  const bytes = await subject.bytes(cli);
  await subject.close();
  const whole = lengths.filter((length) => length === expected).length;
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
  return {
    whole,
    p50: at(0.5),
    p99: at(0.99),
    commands,
    took,
    cpu: (user + system) / chunks,
    bytes,
  };
}

async function* counted(source, count) {
  for await (const text of source) {
    count(text);
    yield text;
  }
}
