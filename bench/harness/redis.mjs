import { execFileSync, spawn } from 'node:child_process';

/** A Redis server that nothing else uses, without persistence. `cli` runs a command and returns what it prints. */
export async function startRedis() {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const args = ['--port', String(port), '--save', '', '--bind', '127.0.0.1'];
  const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const text of redis.stdout) if (String(text).includes('Ready to accept')) break;
  return {
    url: `redis://127.0.0.1:${port}`,
    cli: (...words) => execFileSync('redis-cli', ['-p', String(port), ...words]).toString(),
    stop: () => redis.kill('SIGKILL'),
  };
}
