/*
 * Writes docs/command-transcripts.md from runs of the built command, each against an emulator of its
 * own. With --check it writes nothing, and fails where the file is not what the runs give. What differs
 * from run to run is made the same: times, ports, speeds. Needs `script` of util-linux.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator, serve } from '../dist/testing.js';
import { CTRL_C, RUNS } from './command-runs.mjs';

const PAGE = new URL('../docs/command-transcripts.md', import.meta.url);
const MAIN = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const HEAD = `# The command: transcripts

Made by \`node scripts/command-transcripts.mjs\` from real runs against the emulator, and checked by a test.
Times are not those of the runs. Of what is not on a terminal, stdout comes first, then stderr.
What the options are: [the command](command.md).
`;

async function section({ title, about, replies, files = {}, after, ...run }) {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const server = replies && (await serve(createEmulator({ replies })));
  const env = server ? { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url } : {};
  const shown = [];
  for (const one of after ? [run, after] : [run]) {
    const { output, code } = await (one.keys ? onTerminal : inPipe)(one, dir, env);
    shown.push(
      commandLine(one),
      steady(one.withCodes ? withCodes(output) : plain(output)).trimEnd(),
    );
    if (code !== 0) shown.push('$ echo $?', String(code));
  }
  await server?.close();
  rmSync(dir, { recursive: true });
  return [
    `## ${title}`,
    '',
    ...(about ? [about, ''] : []),
    '````console',
    ...shown,
    '````',
    '',
  ].join('\n');
}

function commandLine({ args, input }) {
  const words = args.map((word) => (/[^\w./=-]/.test(word) ? `"${word}"` : word)).join(' ');
  const port = words.replace(' --port 0', '');
  return input
    ? `$ printf '${input.replaceAll('\n', '\\n')}' | millrace ${port}`
    : `$ millrace ${port}`;
}

function cleanEnv(more) {
  const {
    ANTHROPIC_API_KEY: _,
    ANTHROPIC_AUTH_TOKEN: __,
    ANTHROPIC_BASE_URL: ___,
    NO_COLOR: ____,
    ...rest
  } = process.env;
  return { ...rest, TERM: 'xterm', SHELL: '/bin/sh', ...more };
}

async function inPipe({ args, input = '' }, cwd, env) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: cleanEnv(env) });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { output: output.stdout + output.stderr, code };
}

/** Types each key when what it waits for has been printed. */
async function onTerminal({ args, keys }, cwd, env) {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word}'`);
  const line = `stty cols 100 rows 40 -echoctl; exec ${words.join(' ')}`;
  const child = spawn('script', ['-qfec', line, '/dev/null'], { cwd, env: cleanEnv(env) });
  let output = '';
  let left = [...keys];
  const look = () => {
    const [awaited, key] = left[0] ?? [];
    const found = awaited === undefined ? null : output.match(awaited);
    if (found === null) return;
    left = left.slice(1);
    if (typeof key === 'function') key(found[1]);
    else child.stdin.write(key);
  };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    look();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { output, code };
}

const ESC = '\u001b';
/** How the status line is drawn, each time. */
const STATUS = new RegExp(`(?:\\r${ESC}\\[K${ESC}\\[2m[^\\r\\n]*${ESC}\\[22m)+\\r${ESC}\\[K`, 'g');

/** What stays on the screen. */
function plain(output) {
  return (
    output
      .replace(STATUS, '')
      .replace(new RegExp(`${ESC}\\[[0-9;?]*[A-Za-z]`, 'g'), '')
      .replaceAll('\r\n', '\n')
      // A terminal may show the key that was pressed.
      .replaceAll(CTRL_C, '')
      .replaceAll('\r', '')
  );
}

function withCodes(output) {
  return output
    .replace(
      STATUS,
      (all) => `${all.slice(all.lastIndexOf('\r', all.length - 5)).replace(/\r/g, '␍')}\n`,
    )
    .replace(new RegExp(`${ESC}\\[22m${ESC}\\[[12]m|${ESC}\\[39m${ESC}\\[36m`, 'g'), '')
    .replaceAll(ESC, '␛')
    .replaceAll('\r\n', '\n');
}

/** The same in every run. */
function steady(output) {
  return output
    .replace(/ · \d+ tokens\/s/g, '')
    .replace(/after \d+\.\d\d s/g, 'after 0.52 s')
    .replace(/ · \d+\.\d s/g, ' · 0.5 s')
    .replace(/\d+ ms ·/g, '12 ms ·')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080');
}

const sections = [];
for (const run of RUNS) sections.push(await section(run));
const page = `${HEAD}\n${sections.join('\n')}`;
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  process.stderr.write(`docs/command-transcripts.md is out of date. The runs gave:\n\n${page}`);
  process.exitCode = 1;
}
