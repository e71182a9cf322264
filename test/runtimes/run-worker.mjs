import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { built } from './build.mjs';

/** Loopback is not the internet, which is all that a worker may ask by default. */
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ["--expose-gc"],
  services = [
    (name = "suite", worker = (
      modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-11-01",
      globalOutbound = "local",
    )),
    (name = "local", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
`;

/** Runs the suite in a worker without `nodejs_compat`, which is asked over HTTP. */
export async function runWorker(program, addresses, report) {
  const config = join(built, 'worker.capnp');
  writeFileSync(config, CONFIG);
  const child = spawn(program, ['serve', '--control-fd=3', config], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const ended = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`workerd ended with ${code}`)));
  });
  try {
    const port = await Promise.race([portFrom(child.stdio[3]), ended]);
    const answer = await Promise.race([
      fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(addresses) }),
      ended,
    ]);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the worker answered ${answer.status}: ${text}`);
    for (const line of text.split('\n')) report(JSON.parse(line));
  } finally {
    ended.catch(() => {});
    child.kill();
  }
}

async function portFrom(control) {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line);
    if (event === 'listen') return port;
  }
}
