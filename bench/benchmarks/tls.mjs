import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textInput } from '../harness/inputs.mjs';
import { median } from '../harness/median.mjs';
import { NODES } from '../harness/nodes.mjs';
import { runProcess, startServer } from '../harness/process.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'Over TLS, as the API is reached: CPU time of a whole process';

const SDK = '@anthropic-ai/sdk';
const HTTP1 = 'millrace, http2: false';
const FLOOR = 'node:http2, hand-written';

/** How far a client may fall behind the server's clock: one that starves joins events, and looks cheaper. */
const MAX_BEHIND = 1.15;
/** So often a round is repeated for that before its figures are given up. */
const MAX_DISCARDED = 4;

const slow = (streams, phases, targets = {}, pace = {}) => ({
  kind: 'slow',
  what: `${streams} slow streams, ${phases} phases`,
  streams,
  settings: { phases, ...pace },
  targets,
});

/** What is run against a server of HTTP/2. Targets are by version of Node, for the official SDK. */
const WORK = {
  aligned200: slow(200, 'aligned', { 20: 0.32, 26: 0.45 }),
  random200: slow(200, 'random'),
  random100: slow(100, 'random', { 20: 0.4, 26: 0.6 }),
  random30: slow(30, 'random'),
  random10: slow(10, 'random', { 20: 0.65, 26: 0.65 }),
  // As many events a second as 200 streams have: more, and every client falls behind.
  random1000: slow(1_000, 'random', {}, { events: 40, gap: 100 }),
  burst: {
    kind: 'burst',
    what: 'burst, 50 streams at once',
    streams: 50,
    settings: { events: 2_000 },
    targets: { 20: 0.4, 26: 0.4 },
  },
};

export const modes = {
  full: {
    rounds: 3,
    events: 150,
    gap: 20,
    work: Object.keys(WORK),
    idle: 2_000,
    nodes: Object.keys(NODES),
    http1: true,
  },
  smoke: {
    rounds: 1,
    events: 50,
    gap: 20,
    work: ['aligned200', 'burst'],
    idle: 300,
    nodes: Object.keys(NODES).slice(0, 1),
    http1: false,
  },
};

export async function run({ rounds, events, gap, work, idle, nodes, http1 }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const certificate = join(folder, 'cert.pem');
  const rows = [];
  try {
    for (const [n, node] of nodes.entries()) {
      const at = { node, certificate, rounds };
      // The versions between the oldest and the newest one show that there is nothing new: one row is enough.
      const isBetween = n > 0 && n < nodes.length - 1;
      for (const name of isBetween ? work.slice(0, 1) : work) {
        const settings = { events, gap, ...WORK[name].settings };
        rows.push(...(await measure({ ...WORK[name], settings }, 'h2', at)));
      }
      if (http1 && !isBetween) {
        const settings = { events, gap, ...WORK.aligned200.settings };
        const there = { ...WORK.aligned200, settings, targets: {} };
        rows.push(...(await measure(there, 'https', at)));
      }
      if (!isBetween) rows.push(...(await measureIdle(idle, at)));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return rows;
}

/** Rounds of all candidates in turn; those in which one fell behind are discarded, and counted. */
async function measure({ kind, what, streams, settings, targets }, protocol, at) {
  const { node, certificate, rounds } = at;
  const server = await startServer(kind, { ...settings, protocol, certificate });
  const { text } = textInput(settings.events);
  const names = ['millrace', SDK, ...(protocol === 'h2' ? [HTTP1, FLOOR] : [])];
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  let discarded = 0;
  try {
    for (let round = 0; round < rounds; ) {
      const results = {};
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const result = await runProcess('timed', [name, server.url, streams], options(at));
        assert.deepEqual(result.texts, [text], name);
        results[name] = result;
      }
      const length = (settings.events - 1) * settings.gap;
      const isBehind = Object.values(results).some(({ took }) => took > MAX_BEHIND * length);
      if (kind === 'slow' && isBehind && discarded < MAX_DISCARDED) {
        discarded++;
        continue;
      }
      round++;
      for (const name of names) seen[name].push(results[name]);
    }
  } finally {
    await server.stop();
  }
  const where = `Node ${node}, ${protocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1'}: ${what}`;
  const note = discarded > 0 ? ` (${discarded} rounds discarded)` : '';
  const target = targets[node];
  return [
    ...rowsOf(medians(seen, 'cost'), {
      what: where + note,
      unit: 's of CPU',
      value: (ms) => ms / 1_000,
      targets: target === undefined ? {} : { [SDK]: target },
    }),
    ...(what.includes('aligned')
      ? rowsOf(medians(seen, 'first'), {
          what: `${where}: first event of the middle one`,
          unit: 'ms',
          targets: protocol === 'h2' && node === '26' ? { [SDK]: 0.6 } : {},
        })
      : []),
  ];
}

async function measureIdle(streams, at) {
  const { node, certificate, rounds } = at;
  const server = await startServer('idle', { events: 20, protocol: 'h2', certificate });
  const { text } = textInput(20);
  const seen = { millrace: [], [SDK]: [], [HTTP1]: [], [FLOOR]: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, all] of Object.entries(seen)) {
        const args = [name, server.url, streams, 20];
        const told = await runProcess('idle', args, options(at, ['--expose-gc']));
        assert.deepEqual(told.texts, [text], name);
        all.push(told);
      }
    }
  } finally {
    await server.stop();
  }
  const what = `Node ${node}, HTTP/2: ${streams} idle streams`;
  return [
    ...rowsOf(medians(seen, 'rss'), {
      what: `${what}: resident memory of each`,
      unit: 'KiB',
      value: (bytes) => bytes / 1_024,
      targets: { 20: { [SDK]: 0.35 }, 26: { [SDK]: 0.6 } }[node] ?? {},
    }),
    ...rowsOf(medians(seen, 'opening'), {
      what: `${what}: CPU to open each`,
      unit: 'µs',
      value: (ms) => ms * 1_000,
      targets: node === '26' ? { [SDK]: 0.4 } : {},
    }),
  ];
}

function medians(seen, figure) {
  return Object.fromEntries(
    Object.entries(seen).map(([name, all]) => [name, median(all.map((one) => one[figure]))]),
  );
}

/** A process of another Node that trusts the server. */
function options({ node, certificate }, execArgv = []) {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate, NODE_NO_WARNINGS: '1' };
  return { execPath: NODES[node], execArgv, env };
}
