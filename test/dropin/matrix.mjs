/*
 * Client × fault: what each client makes of it. `run(variant)` returns a list of cells; the parent has one
 * emulator for each fault, which counts the requests of each cell by its key.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator, parseFaults, reply, serve } from '../../dist/testing.js';
import { FAULTS } from './faults.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

export const TEXT = `Once upon a time there was a mill. ${'The race ran, and the wheel went round. '.repeat(12)}`;
export const INPUT = { city: 'Valparaíso, between the hills and the harbour' };

/**
 * @param limit in milliseconds: what has not ended by then waits.
 * @param files the files of clients/. Default: all.
 */
export async function run(
  variant,
  { limit, files = readdirSync(join(here, 'clients')), faults = FAULTS, parallel = 4 },
) {
  const servers = await Promise.all(faults.map(serveFault));
  const cells = [];
  const queue = [...files];
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      cells.push(...(await runFile(variant, file, servers, limit)));
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  for (const cell of cells) {
    const { emulator } = servers.find(({ name }) => name === cell.fault);
    cell.requests = emulator.requests.filter((request) => keyOf(request) === keyName(cell)).length;
  }
  await Promise.all(servers.map(({ server }) => server.close()));
  return cells;
}

async function serveFault({ name, spec, isOnce = false, kind = 'text' }) {
  const seen = new Set();
  const whole = kind === 'text' ? reply.text(TEXT) : reply.toolUse('weather', INPUT);
  const emulator = createEmulator({
    replies: (request) => {
      const key = keyOf(request);
      const isFaulty = spec !== undefined && !(isOnce && seen.has(key));
      seen.add(key);
      return isFaulty ? reply.faulty(whole, ...[parseFaults(spec)].flat()) : whole;
    },
  });
  const server = await serve(emulator);
  return {
    name,
    kind,
    emulator,
    server,
    url: server.url,
    expected: kind === 'text' ? TEXT : INPUT,
  };
}

async function runFile(variant, file, servers, limit) {
  const child = fork(join(here, '.work', variant, 'cells.mjs'), [], {
    cwd: join(here, '.work', variant),
    silent: true,
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  child.stdout.resume();
  const cells = [];
  child.on('message', (cell) => cells.push({ ...cell, file }));
  child.send({
    file,
    limit,
    faults: servers.map(({ name, kind, url, expected }) => ({ name, kind, url, expected })),
  });
  await once(child, 'exit');
  if (cells.length === 0)
    throw new Error(`${file} (${variant}) gave nothing: ${errors.slice(-2_000)}`);
  return cells;
}

function keyOf({ headers }) {
  return headers['x-api-key'] ?? headers.authorization?.replace('Bearer ', '');
}

function keyName({ name, fault }) {
  return encodeURIComponent(`${name}/${fault}`);
}
