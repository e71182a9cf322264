/*
 * `node test/dropin/official/main.mjs CHECKOUT`, after a build: the official SDK's own tests, from a checkout of its
 * repository, over its source and over the drop-in. Writes the figures into docs/drop-in.md; fails where a test
 * fails over the drop-in that differences.mjs doesn't explain.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIFFERENCES } from './differences.mjs';
import { startMockAPI } from './mock-api.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const WORK = at('../.work/official');
const PAGE = at('../../../docs/drop-in.md');
const MARKED = /(<!-- official: .*? -->\n)(.*?)(<!-- \/official -->)/s;

/** Tests of messages, streams, tools, structured output, the client and the plain resources. */
const FILES = [
  ...['api-resources/MessageStream', 'api-resources/BetaMessageStream', 'streaming'],
  ...['lib/tools/BetaToolRunner', 'lib/tools/ToolRunnerE2E', 'lib/parser', 'lib/TracksToolInput'],
  ...['resources/messages/parse', 'resources/beta/messages/parse'],
  ...['helpers/zod', 'helpers/json-schema', 'helpers/transform-json-schema'],
  ...['helpers/beta/zod', 'helpers/beta/json-schema', 'helpers/beta/mcp'],
  ...['abort-listener-cleanup', 'index', 'responses', 'user-agent', 'uploads', 'form'],
  ...['api-resources/messages', 'api-resources/beta/messages'],
  ...['api-resources/models', 'api-resources/beta/models'],
  ...['api-resources/files', 'api-resources/beta/files'],
  ...['api-resources/skills', 'api-resources/beta/skills'],
];
/** What the tests import. */
const PACKAGES = [
  '@modelcontextprotocol/sdk',
  'deep-object-diff',
  'nock',
  'standardwebhooks',
  'zod',
];

const [checkout] = process.argv.slice(2);
if (checkout === undefined) {
  throw new Error(
    'give the folder of a checkout: git clone https://github.com/anthropics/anthropic-sdk-typescript',
  );
}
const { version, dependencies, devDependencies } = JSON.parse(
  readFileSync(join(checkout, 'package.json'), 'utf8'),
);
prepare();
const official = await run('official');
const dropin = await run('dropin');
const unexplained = write();
for (const name of unexplained) process.stderr.write(`not explained: ${name}\n`);
process.exitCode = unexplained.length === 0 ? 0 : 1;

function prepare() {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  for (const folder of ['src', 'tests']) {
    cpSync(join(checkout, folder), join(WORK, folder), { recursive: true });
  }
  const all = { ...devDependencies, ...dependencies };
  const needed = Object.fromEntries(PACKAGES.map((name) => [name, all[name]]));
  // zod 4 has the JSON Schema of its own schemas from 4.2 on.
  const project = { private: true, type: 'module', dependencies: { ...needed, zod: '4.6.7' } };
  writeFileSync(join(WORK, 'package.json'), JSON.stringify(project));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: WORK,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** @returns file → test → whether it passed. A file that can't be loaded has no tests. */
async function run(over) {
  const api = await startMockAPI();
  const report = join(WORK, `${over}.json`);
  const vitest = at('../../../node_modules/vitest/vitest.mjs');
  const args = [
    'run',
    '--config',
    at('vitest.config.mjs'),
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const files = FILES.map((file) => join('tests', file));
  const child = spawn(process.execPath, [vitest, ...args, ...files], {
    cwd: WORK,
    stdio: 'ignore',
    env: { ...process.env, MILLRACE_OVER: over, TEST_API_BASE_URL: api.url },
  });
  await once(child, 'exit');
  api.close();
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return new Map(testResults.map(toFile));
}

function toFile({ name, assertionResults }) {
  const file = relative(join(WORK, 'tests'), name).replace('.test.ts', '');
  const tests = assertionResults.filter(({ status }) => status !== 'skipped');
  return [file, new Map(tests.map(({ fullName, status }) => [fullName, status === 'passed']))];
}

/** Writes the table. @returns what fails over the drop-in, or can't be loaded, without a reason. */
function write() {
  const unexplained = [];
  const rows = [...official].map(([file, tests]) => {
    const here = dropin.get(file);
    const failed = [...tests.keys()].filter((test) => here.get(test) !== true);
    const reasons = new Map();
    for (const test of failed) {
      const name = `${file}: ${test}`;
      const reason = DIFFERENCES.find(({ tests }) => tests.test(name))?.reason;
      if (reason === undefined) unexplained.push(name);
      reasons.set(reason ?? '?', (reasons.get(reason ?? '?') ?? 0) + 1);
    }
    const why = [...reasons].map(([reason, count]) =>
      failed.length === 1 ? reason : `${count}: ${reason}`,
    );
    return {
      file,
      all: tests.size,
      before: passed(tests),
      after: tests.size - failed.length,
      why: why.join('; '),
    };
  });
  rows.sort((a, b) => a.file.localeCompare(b.file));
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  const total = {
    file: 'all',
    all: sum('all'),
    before: sum('before'),
    after: sum('after'),
    why: '',
  };
  writeFileSync(
    PAGE,
    readFileSync(PAGE, 'utf8').replace(
      MARKED,
      (_, start, __, end) => `${start}${table([...rows, total])}${end}`,
    ),
  );
  return unexplained;
}

function passed(tests) {
  return [...tests.values()].filter(Boolean).length;
}

function table(rows) {
  const commit = execFileSync('git', ['-C', checkout, 'rev-parse', '--short=8', 'HEAD'], {
    encoding: 'utf8',
  });
  const date = new Date().toISOString().slice(0, 10);
  return [
    `Version ${version} at ${commit.trim()}, run on ${date}, Node ${process.version}.\n`,
    '| file | tests | official | here | what fails here |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ file, all, before, after, why }) =>
        `| ${file === 'all' ? file : `\`${file}\``} | ${all} | ${before} | ${after} | ${why} |`,
    ),
    '',
  ].join('\n');
}
