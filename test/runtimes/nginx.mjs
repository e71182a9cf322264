import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether nginx is installed. A missing one is a failure in CI. */
export function hasNginx() {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.CI) throw new Error('nginx is missing: apt-get install nginx');
    return false;
  }
}

/** nginx with its defaults before some servers, except for how long it waits for them. */
export async function startNginx(urls, readTimeout = '20s') {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-nginx-'));
  const port = await freePort();
  const servers = urls.map((url) => `server ${new URL(url).host} max_fails=1 fail_timeout=5s;`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(dir, 'nginx.conf'),
    `pid ${dir}/pid; error_log ${dir}/error.log; worker_processes 1; daemon off;
events {}
http {
  access_log ${dir}/access.log;
  ${temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join(' ')}
  upstream example { ${servers.join(' ')} }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://example; proxy_read_timeout ${readTimeout}; }
  }
}`,
  );
  const child = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-e', join(dir, 'error.log')]);
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
  }
  return {
    url,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
