import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { startProcess, startServer } from '../harness/process.mjs';
import { race } from '../harness/race.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';

export const title = 'The gateway: what it adds to the first token, on loopback';

export const modes = {
  full: { requests: 400, warmups: 200 },
  smoke: { requests: 100, warmups: 100 },
};

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
const BODY = JSON.stringify({
  model: 'm',
  max_tokens: 1_000,
  stream: true,
  messages: [{ role: 'user', content: 'Hi' }],
});

/** Requests in turns: directly, through a proxy that does nothing else, and through the gateway. */
export async function run({ requests, warmups }) {
  const api = await startServer('first');
  const proxy = await startProcess('pass-through', [api.url]);
  const gateway = spawn(process.execPath, [CLI, 'relay', '--port', '0', '--upstream', api.url]);
  try {
    const ways = {
      direct: api.url,
      proxy: `http://127.0.0.1:${proxy.message.port}`,
      gateway: await addressOf(gateway),
    };
    const agent = new Agent({ keepAlive: true });
    const times = await race(
      Object.fromEntries(Object.entries(ways).map(([name, url]) => [name, { url, agent }])),
      { rounds: requests, warmups, cost: ask, check: assertWhole },
    );
    const added = (way) => times[way] - times.direct;
    const what = 'added to the first token';
    return [
      ceilingRow({ what, unit: 'ms', ours: added('gateway'), ceiling: 0.3 }),
      row({
        what,
        unit: 'ms',
        ours: added('gateway'),
        against: 'a pass-through over node:http',
        theirs: added('proxy'),
      }),
    ].map((it) => ({ ...it, bound: undefined }));
  } finally {
    gateway.kill();
    proxy.child.kill();
    await api.stop();
  }
}

/** Where a gateway listens, which it says in its first line. */
async function addressOf({ stdout }) {
  const lines = createInterface(stdout);
  const [line] = await once(lines, 'line');
  lines.on('line', () => {});
  return line.replace('listening on ', '');
}

/** The text of an answer, and the time until its first token. */
async function ask({ url, agent }) {
  const since = performance.now();
  const headers = { 'content-type': 'application/json', 'x-api-key': 'key' };
  const sent = request(`${url}/v1/messages`, { method: 'POST', agent, headers });
  sent.end(BODY);
  const [response] = await once(sent, 'response');
  let result = '';
  let cost;
  response.on('data', (chunk) => {
    result += chunk;
    if (cost === undefined && result.includes('content_block_delta'))
      cost = performance.now() - since;
  });
  await once(response, 'end');
  return { result, cost };
}

function assertWhole(text, way) {
  for (const event of ['content_block_delta', 'message_stop'])
    assert.match(text, RegExp(event), way);
}
