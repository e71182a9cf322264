import { join } from 'node:path';
import { buildAll, built } from './build.mjs';
import { runtimes } from './runtimes.mjs';
import { keepTable } from './table.mjs';

/**
 * Runs the suite on every runtime that is there, prints a line for each, and keeps the table of the
 * documents true. In CI all must be there.
 * @returns whether all that was to pass did.
 */
export async function drive() {
  await buildAll();
  const { startServers } = await import(join(built, 'servers.mjs'));
  const rows = [];
  for (const runtime of runtimes) rows.push(await runOne(runtime, startServers));
  const sum = (field) => rows.reduce((all, row) => all + row[field], 0);
  const missing = rows.filter(({ version }) => version === undefined).length;
  const isGood = sum('failed') === 0 && (missing === 0 || !process.env.CI);
  print(`${sum('passed')} passed, ${sum('failed')} failed`);
  if (missing > 0) print(`${missing} runtimes are not there: the table stays as it was`);
  return isGood && (missing > 0 || keepTable(rows));
}

async function runOne({ name, find, version, run, limits = {} }, startServers) {
  const row = { name, version: undefined, suites: {}, passed: 0, failed: 0 };
  const program = find();
  if (program === undefined) {
    print(`${name.padEnd(24)} SKIPPED: it is not there`);
    return row;
  }
  row.version = version(program);
  const fail = (what) => {
    row.failed++;
    print(`  ${name}: ${what}`);
  };
  const servers = await startServers();
  try {
    const given = { ...servers.addresses, limits: Object.keys(limits) };
    await run(program, given, ({ suite, name: check, failures }) => {
      row.suites[suite] ??= { passed: 0, all: 0 };
      row.suites[suite].all++;
      if (failures.length > 0) return fail(`${suite}, ${check}:\n    ${failures.join('\n    ')}`);
      row.suites[suite].passed++;
      row.passed++;
    });
    if (row.passed + row.failed === 0) fail('nothing was reported');
  } catch (error) {
    fail(error.stack);
  }
  await servers.stop();
  for (const [test, why] of Object.entries(limits)) print(`  ${name} can't play "${test}": ${why}`);
  const counts = Object.entries(row.suites).map(([suite, it]) => `${suite} ${it.passed}/${it.all}`);
  print(`${`${name} (${row.version})`.padEnd(24)} ${counts.join(', ')}`);
  return row;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
