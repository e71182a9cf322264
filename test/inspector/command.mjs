import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A new folder with files in it. */
export function folderOf(files) {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

/** The address of a page with recordings inside, as `--html` writes it. */
export function pageWith(files) {
  const dir = folderOf(files);
  const out = join(dir, 'page.html');
  const names = Object.keys(files).map((name) => join(dir, name));
  execFileSync(process.execPath, [CLI, 'inspect', '--html', out, ...names]);
  return pathToFileURL(out).href;
}

/** `millrace inspect`, and the addresses that it prints. */
export async function inspect(...args) {
  const command = spawn(process.execPath, [CLI, 'inspect', '--no-open', ...args]);
  const said = {};
  for await (const line of createInterface({ input: command.stdout })) {
    const [, name, value] = /^(?:export )?([\w ]+?)(?:: |=| into )(.+)$/.exec(line) ?? [];
    said[name] = value;
    if (name === 'inspector') break;
  }
  const ended = new Promise((resolve) => command.once('exit', resolve));
  const stop = () => {
    command.kill('SIGTERM');
    return ended;
  };
  return { url: said.inspector, proxy: said.ANTHROPIC_BASE_URL, dir: said.recording, stop };
}
