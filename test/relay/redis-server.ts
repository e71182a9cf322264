import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

export async function startRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort();
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

function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve(child);
    });
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
