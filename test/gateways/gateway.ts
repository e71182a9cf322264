import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Proxies of Debian, as users set them up. They compress and buffer what they can. */
const GATEWAYS = {
  nginx: {
    args: ['-c', 'FILE', '-p', 'FOLDER'],
    config: `
      daemon off; user root; pid FOLDER/pid; error_log stderr warn;
      events {}
      http {
        access_log off;
        client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;
        fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
        gzip on; gzip_types text/event-stream application/json; gzip_min_length 0; gzip_proxied any;
        server {
          listen 127.0.0.1:PORT;
          location / { proxy_pass http://127.0.0.1:SERVER; proxy_http_version 1.1; proxy_buffering on; }
        }
      }`,
  },
  haproxy: {
    args: ['-db', '-f', 'FILE'],
    config: `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  option http-buffer-request
  option abortonclose
  compression algo gzip
  compression type text/event-stream application/json
frontend in
  bind 127.0.0.1:PORT
  default_backend out
backend out
  server api 127.0.0.1:SERVER
`,
  },
  caddy: {
    args: ['run', '--adapter', 'caddyfile', '--config', 'FILE'],
    config: `
{
  admin off
  auto_https off
}
http://127.0.0.1:PORT {
  encode {
    gzip
    minimum_length 1
    match {
      header Content-Type text/event-stream*
      header Content-Type application/json*
    }
  }
  reverse_proxy 127.0.0.1:SERVER
}
`,
  },
  tinyproxy: {
    args: ['-d', '-c', 'FILE'],
    config: `
Port PORT
Listen 127.0.0.1
Timeout 60
LogLevel Critical
BasicAuth me secret
`,
  },
} as const;

export type GatewayName = keyof typeof GATEWAYS;

export interface Gateway extends AsyncDisposable {
  url: string;
}

/** @throws where CI lacks one. */
export function isInstalled(name: GatewayName): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { env: withSbin() });
    return true;
  } catch {
    if (process.env.CI === 'true') throw new Error(`${name} is not installed`);
    process.stderr.write(`${name} is not installed: its tests are skipped\n`);
    return false;
  }
}

/** @param server the port that it is in front of. */
export async function startGateway(name: GatewayName, server = 0): Promise<Gateway> {
  const { args, config } = GATEWAYS[name];
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const port = await freePort();
  const fill = (text: string): string =>
    text
      .replaceAll('FOLDER', folder)
      .replaceAll('FILE', join(folder, 'config'))
      .replaceAll('PORT', `${port}`)
      .replaceAll('SERVER', `${server}`);
  writeFileSync(join(folder, 'config'), fill(config));
  const env = { ...withSbin(), HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const process = spawn(name, args.map(fill), { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  process.stderr.on('data', (chunk) => (said += chunk));
  const ended = once(process, 'exit');
  const isGone = ended.then(() => Promise.reject(new Error(`${name} ended: ${said}`)));
  await Promise.race([whenListening(port), isGone]);
  isGone.catch(() => {});
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      process.kill();
      await ended;
    },
  };
}

/** Where Debian keeps servers. */
function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Nothing but a connection tells that they are ready. */
async function whenListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
}
