/*
 * Runs the clients of one file against servers, one for each fault, and reports each outcome to the parent.
 * A cell that takes long goes on beside the next ones.
 */
import { readFileSync } from 'node:fs';

const PATIENCE = 2_500;

process.on('unhandledRejection', () => {});
process.once('message', async ({ file, faults, limit }) => {
  const { clients } = await import(`./clients/${file}`);
  const running = [];
  for (const [name, client] of Object.entries(clients)) {
    const version = versionOf(client.of);
    for (const fault of faults) {
      if (client[fault.kind] === undefined) continue;
      const cell = run(client, fault, `${name}/${fault.name}`, limit).then((outcome) =>
        process.send({
          ...{ name, version, ownClient: client.ownClient, isUnary: client.isUnary },
          ...{ fault: fault.name, ...outcome },
        }),
      );
      running.push(cell);
      await Promise.race([cell, wait(PATIENCE)]);
    }
  }
  await Promise.all(running);
  process.exit();
});

async function run(client, { kind, url, expected }, key, limit) {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  const server = { baseURL: url, apiKey: encodeURIComponent(key), prompt: 'Tell me a story.' };
  const late = wait(limit).then(() => ({ outcome: 'waits', seconds: seconds() }));
  const settled = client[kind](server).then(
    (value) => ({ outcome: same(value, expected) ? 'ok' : 'short', seconds: seconds(), value }),
    (error) => ({ outcome: 'error', seconds: seconds(), value: String(error?.message ?? error) }),
  );
  return Promise.race([settled, late]);
}

function same(value, expected) {
  return JSON.stringify(value) === JSON.stringify(expected);
}

function versionOf(name) {
  const file = new URL(`./node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
