import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startProcess } from '../harness/process.mjs';
import { race } from '../harness/race.mjs';
import { row } from '../harness/rows.mjs';

export const title = 'The relay: followers of one stream over HTTP';

export const modes = {
  full: { followers: 1_000, texts: 30, gap: 20, rounds: 3 },
  smoke: { followers: 100, texts: 30, gap: 10, rounds: 1 },
};

const KINDS = ['bare', 'event by event', 'batched'];

export async function run({ followers, texts, gap, rounds }) {
  const servers = await Promise.all(
    KINDS.map((kind) => startProcess('relay-server', [kind, texts, gap])),
  );
  try {
    const costs = await race(Object.fromEntries(KINDS.map((kind, at) => [kind, servers[at]])), {
      rounds,
      warmups: 1,
      cost: (server) => serveOne(server, followers),
      check: assertWhole,
    });
    const each = (kind) => (costs[kind] * 1_000) / texts / followers;
    const against = 'bare res.write of one Buffer';
    const unit = 'µs of CPU';
    const what = 'an event and follower';
    return [
      row({
        what,
        unit,
        ours: each('event by event'),
        against,
        theirs: each('bare'),
        target: 1.15,
      }),
      row({
        what: `${what}, in batches of 25 ms`,
        unit,
        ours: each('batched'),
        against,
        theirs: each('bare'),
      }),
    ];
  } finally {
    for (const { child } of servers) child.kill();
  }
}

/** One stream of a server, read by so many clients: what each got, and what it cost the server. */
async function serveOne({ child, message: { port } }, followers) {
  child.send('open');
  await once(child, 'message');
  const clients = await Promise.all(Array.from({ length: followers }, () => join(port)));
  child.send('send');
  const [{ cost }] = await once(child, 'message');
  return { result: await Promise.all(clients.map(({ whole }) => whole)), cost };
}

/** A client, once it is connected. It keeps the end of what it gets, as reading more would slow the server down. */
async function join(port) {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n');
  const [head] = await once(socket, 'data');
  let length = head.length;
  let tail;
  socket.on('data', (data) => {
    length += data.length;
    tail = data;
  });
  const whole = once(socket, 'close').then(() => ({ length, tail: String(tail) }));
  return { whole };
}

function assertWhole(results, kind) {
  for (const { length, tail } of results) {
    assert.equal(length, results[0].length, kind);
    assert.match(tail, /message_stop/, kind);
  }
}
