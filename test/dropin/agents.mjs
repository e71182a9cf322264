/*
 * `node test/dropin/agents.mjs [NAME…]`, after a build: programs that people use with Claude, under faults of the
 * API, directly and through `millrace relay`, into docs/gateway.md. Installs them in `.work/agents`. With names it
 * runs these only, and has the others from the last run.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator, parseFaults, reply, serve } from '../../dist/testing.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const WORK = at('.work/agents');
const COMMAND = at('../../dist/cli.js');
const PAGE = at('../../docs/gateway.md');
const CELLS = join(WORK, 'cells.json');
const MARKED = /(<!-- agents: .*? -->\n)(.*?)(<!-- \/agents -->)/s;

const PACKAGES = {
  'Claude Code': ['@anthropic-ai/claude-code', '2.1.332'],
  opencode: ['opencode-ai', '1.18.33'],
  pi: ['@mariozechner/pi-coding-agent', '0.73.1'],
};
const LIMIT = 90_000;
const PARALLEL = 3;
const MODEL = 'claude-opus-4-8';
// Without a repeat, which a recovery could take for one of its seam.
const TEXT = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
const FAULTS = [
  'none',
  'cut@text',
  'cut@700',
  'reset@text',
  'stall@text',
  'left-open',
  'error=overloaded_error@text',
  'json',
  'data-only',
];

/**
 * Each: the command, and the answer in what it wrote. `configure` gets the folder that is its home. `isError` is for
 * one whose exit code says nothing.
 */
const AGENTS = {
  curl: {
    command: (url) => [
      ...['curl', '-sN', `${url}/v1/messages`, '-H', 'x-api-key: test'],
      ...['-H', 'anthropic-version: 2023-06-01', '-d'],
      JSON.stringify({
        model: MODEL,
        max_tokens: 500,
        stream: true,
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    ],
    answer: (out) =>
      [...out.matchAll(/^data: ?(\{.*\})$/gm)]
        .map(([, data]) => JSON.parse(data).delta?.text ?? '')
        .join(''),
    isError: (out) => /^event: error$/m.test(out),
  },
  'Claude Code': {
    command: () => [
      ...[join(WORK, 'node_modules/.bin/claude'), '-p', 'Hi', '--model', MODEL],
      ...['--output-format', 'json'],
    ],
    answer: (out) => JSON.parse(out).result,
  },
  opencode: {
    // Without a title it asks for one in a request of its own.
    command: () => [join(WORK, 'node_modules/.bin/opencode'), 'run', '--title', 'Test', 'Hi'],
    configure: (home, url) => {
      const options = { baseURL: `${url}/v1`, apiKey: 'test' };
      const provider = { anthropic: { options, models: { [MODEL]: {} } } };
      const config = { model: `anthropic/${MODEL}`, provider, share: 'disabled' };
      writeFileSync(join(home, 'opencode.json'), JSON.stringify(config));
    },
    answer: (out) => out.trim(),
  },
  pi: {
    command: () => [
      ...[join(WORK, 'node_modules/.bin/pi'), '-p', 'Hi', '--provider', 'anthropic'],
      ...['--model', MODEL],
    ],
    configure: (home, url) => {
      mkdirSync(join(home, '.pi/agent'), { recursive: true });
      const models = { providers: { anthropic: { baseUrl: url } } };
      writeFileSync(join(home, '.pi/agent/models.json'), JSON.stringify(models));
    },
    answer: (out) => out.trim(),
  },
};

install();
const chosen = process.argv.slice(2);
const last = chosen.length === 0 ? [] : JSON.parse(readFileSync(CELLS, 'utf8'));
const names = Object.keys(AGENTS).filter((name) => chosen.length === 0 || chosen.includes(name));
const cells = [...last.filter(({ agent }) => !names.includes(agent)), ...(await runAll(names))];
writeFileSync(CELLS, JSON.stringify(cells));
writeFileSync(
  PAGE,
  readFileSync(PAGE, 'utf8').replace(MARKED, (_, start, __, end) => `${start}${text()}${end}`),
);

function install() {
  mkdirSync(WORK, { recursive: true });
  const dependencies = Object.fromEntries(Object.values(PACKAGES));
  writeFileSync(join(WORK, 'package.json'), JSON.stringify({ private: true, dependencies }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: WORK, stdio: 'inherit' });
}

async function runAll(names) {
  const queue = names.flatMap((agent) =>
    FAULTS.flatMap((fault) => [false, true].map((isRelayed) => ({ agent, fault, isRelayed }))),
  );
  const done = [];
  const work = async () => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      const outcome = await run(cell);
      process.stdout.write(`${JSON.stringify({ ...cell, ...outcome })}\n`);
      done.push({ ...cell, ...outcome });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return done;
}

async function run({ agent, fault, isRelayed }) {
  const whole = reply.text(TEXT);
  const emulator = createEmulator({
    // Their requests have params of betas that come and go.
    checks: false,
    replies: () => (fault === 'none' ? whole : reply.faulty(whole, ...[parseFaults(fault)].flat())),
  });
  const api = await serve(emulator);
  const relay = isRelayed ? await startRelay(api.url) : undefined;
  const { out, code } = await play(AGENTS[agent], relay?.url ?? api.url);
  relay?.stop();
  const requests = emulator.requests.length;
  await api.close();
  return { outcome: code === undefined ? 'no end' : judge(AGENTS[agent], out, code), requests };
}

async function startRelay(upstream) {
  const args = [
    'relay',
    '--port',
    '0',
    '--upstream',
    upstream,
    '--recover',
    '--timeout',
    'idle=5s',
  ];
  const child = spawn(process.execPath, [COMMAND, ...args]);
  const [line] = await once(child.stdout, 'data');
  return { url: /listening on (\S+)/.exec(String(line))[1], stop: () => child.kill('SIGKILL') };
}

/** @returns what it wrote, and its exit code, undefined where it had to be stopped. */
async function play({ command, configure }, url) {
  const home = mkdtempSync(join(WORK, 'home-'));
  configure?.(home, url);
  const [program, ...args] = command(url);
  const child = spawn(program, args, {
    cwd: home,
    stdio: ['ignore', 'pipe', 'ignore'],
    // A group, which ends as a whole: some are a script that starts a program.
    detached: true,
    env: {
      ...{ PATH: process.env.PATH, HOME: home, IS_SANDBOX: '1', PI_OFFLINE: '1' },
      ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'test' },
      ...{ DISABLE_TELEMETRY: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
      ...{ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
    },
  });
  let out = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LIMIT);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { out, code: code ?? undefined };
}

function judge({ answer, isError }, out, code) {
  try {
    if (answer(out) === TEXT) return 'ok';
  } catch {
    // It wrote something else, such as a message of an error.
  }
  return code === 0 && !isError?.(out) ? '**short**' : 'error';
}

function text() {
  const agents = Object.keys(AGENTS);
  const one = ({ outcome, requests }) => `${outcome}${requests > 1 ? ` (${requests})` : ''}`;
  const row = (fault) =>
    agents.map((agent) => {
      const [direct, relayed] = [false, true].map((isRelayed) =>
        one(
          cells.find(
            (it) => it.agent === agent && it.fault === fault && it.isRelayed === isRelayed,
          ),
        ),
      );
      return direct === relayed ? direct : `${direct} → ${relayed}`;
    });
  const versions = Object.entries(PACKAGES).map(([name, [, version]]) => `${name} ${version}`);
  return [
    `Run on ${new Date().toISOString().slice(0, 10)}, Node ${process.version}; ${versions.join(', ')}. A run had ${LIMIT / 1_000} seconds.\n`,
    `| fault | ${agents.join(' | ')} |`,
    `|---|${agents.map(() => '---|').join('')}`,
    ...FAULTS.map((fault) => `| \`${fault}\` | ${row(fault).join(' | ')} |`),
    '',
  ].join('\n');
}
