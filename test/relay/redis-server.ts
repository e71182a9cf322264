import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis server of a test's own. */
export interface RedisServer {
  port: number;
  url: string;
  /** Kills it and starts it again, from what it has on disk. */
  restart(): Promise<void>;
  /** Runs redis-cli and returns what it prints. */
  cli(...args: string[]): string;
  stop(): Promise<void>;
}

/** Whether redis-server is installed. A missing one fails the tests in CI; elsewhere they are skipped. */
export const hasRedis: boolean = findRedis();

function findRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.CI === 'true')
      throw new Error('redis-server is missing: apt-get install redis-server');
    process.stderr.write('skipped: tests with Redis, since redis-server is not installed\n');
    return false;
  }
}

export function startRedis(...options: string[]): Promise<RedisServer> {
  return startAt(freePort(), ...options);
}

/** A cluster of three servers, each with a third of the slots. */
export async function startCluster(): Promise<{ ports: number[]; stop(): Promise<void> }> {
  const servers = await Promise.all(
    [0, 1, 2].map(() => startAt(clusterPort(), '--cluster-enabled', 'yes')),
  );
  const ports = servers.map(({ port }) => port);
  for (const [n, server] of servers.entries()) {
    const [from, to] = [Math.floor((n * 16_384) / 3), Math.floor(((n + 1) * 16_384) / 3) - 1];
    server.cli('cluster', 'addslotsrange', String(from), String(to));
    server.cli('cluster', 'set-config-epoch', String(n + 1));
  }
  for (const port of ports.slice(1)) servers[0]?.cli('cluster', 'meet', '127.0.0.1', String(port));
  const isReady = ({ cli }: RedisServer): boolean => {
    const info = cli('cluster', 'info');
    return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
  };
  while (!servers.every(isReady)) await new Promise((resolve) => setTimeout(resolve, 50));
  return { ports, stop: async () => void (await Promise.all(servers.map((it) => it.stop()))) };
}

/** A master with a replica, and a sentinel that watches them; the master is named `relay`. */
export async function startSentinel(): Promise<{
  port: number;
  cli: RedisServer['cli'];
  stop(): Promise<void>;
}> {
  const master = await startRedis();
  master.cli('config', 'set', 'repl-diskless-sync-delay', '0');
  const replica = await startRedis('--replicaof', '127.0.0.1', String(master.port));
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'millrace-sentinel-'));
  const config = join(dir, 'sentinel.conf');
  writeFileSync(config, `port ${port}\nsentinel monitor relay 127.0.0.1 ${master.port} 1\n`);
  const sentinel = await launch([config, '--sentinel'], '+monitor');
  const cli: RedisServer['cli'] = (...words) =>
    execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' });
  const isReady = (): boolean =>
    replica.cli('info', 'replication').includes('master_link_status:up') &&
    cli('sentinel', 'replicas', 'relay').includes(String(replica.port));
  while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    cli,
    stop: async () => {
      await kill(sentinel);
      rmSync(dir, { recursive: true, force: true });
      await Promise.all([master.stop(), replica.stop()]);
    },
  };
}

async function startAt(at: Promise<number>, ...options: string[]): Promise<RedisServer> {
  const port = await at;
  const dir = mkdtempSync(join(tmpdir(), 'millrace-redis-'));
  const args = [
    '--port',
    String(port),
    '--dir',
    dir,
    '--save',
    '',
    '--bind',
    '127.0.0.1',
    ...options,
  ];
  let child = await launch(args);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    restart: async () => {
      await kill(child);
      child = await launch(args);
    },
    cli: (...words) =>
      execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }),
    stop: async () => {
      await kill(child);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function launch(
  args: readonly string[],
  ready = 'Ready to accept connections',
): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes(ready)) resolve(child);
    });
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** The servers of a cluster talk at a port that is 10,000 higher. */
async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port <= 55_000) return port;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
