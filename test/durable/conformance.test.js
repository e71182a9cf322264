import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runConformanceTests } from '@durable-streams/server-conformance-tests';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe } from 'vitest';
import {
  createRelay,
  fileEngine,
  memoryEngine,
  redisEngine,
  writeResponse,
} from '../../dist/relay.js';

/** Each makes an engine, and a function that ends it. */
const ENGINES = {
  memoryEngine: async () => [memoryEngine(), () => {}],
  fileEngine: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-durable-'));
    return [fileEngine(dir), () => rmSync(dir, { recursive: true, force: true })];
  },
  redisEngine: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-durable-'));
    const socket = join(dir, 'socket');
    const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', dir];
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const text of server.stdout) if (text.includes('eady to accept connections')) break;
    const client = await createClient({ socket: { path: socket } }).connect();
    const end = async () => {
      client.destroy();
      server.kill();
      await once(server, 'exit');
      rmSync(dir, { recursive: true, force: true });
    };
    return [redisEngine(client), end];
  },
};

describe.each(Object.entries(ENGINES))('%s', (_, open) => {
  const options = { baseUrl: '' };
  let server;
  let end;

  beforeAll(async () => {
    let engine;
    [engine, end] = await open();
    const relay = createRelay({ engine, writable: true });
    server = createServer(async (incoming, response) => {
      const { method, headers } = incoming;
      const hasBody = method === 'PUT' || method === 'POST';
      const left = new AbortController();
      response.on('close', () => left.abort());
      const request = new Request(new URL(incoming.url, options.baseUrl), {
        method,
        headers,
        signal: left.signal,
        ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' }),
      });
      const path = new URL(request.url).pathname;
      await writeResponse(await relay.handle(request, path), response);
    });
    // A kept connection must not be closed at the moment of its next request.
    server.keepAliveTimeout = 60_000;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    options.baseUrl = `http://127.0.0.1:${server.address().port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await end();
  });

  runConformanceTests(options);
});
