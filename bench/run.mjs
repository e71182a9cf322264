/*
 * Measures the built package against its peers: `npm run bench` from the root of the project.
 *
 *   npm run bench                         all of it; writes bench/RESULTS.md
 *   npm run bench -- pipeline linear      some benchmarks, in full
 *   npm run bench -- faults               other clients under faults; writes docs/faults.md
 *   npm run bench -- --smoke [names…]     small and quick; ends with 1 where a bound is broken
 *
 * Each benchmark runs in a process of its own. Whatever reads, what it has read is compared.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildInputs } from './harness/build-inputs.mjs';
import { writeResults } from './harness/results.mjs';
import { textTable } from './harness/table.mjs';

const NAMES = readdirSync(new URL('benchmarks/', import.meta.url)).map((file) =>
  file.replace('.mjs', ''),
);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { smoke: { type: 'boolean', default: false } },
});
if (positionals[0] === 'faults') {
  const { measureFaults } = await import('../test/dropin/bench.mjs');
  await measureFaults();
  process.exit();
}
const unknown = positionals.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) throw new Error(`no benchmark "${unknown[0]}": ${NAMES.join(', ')}`);

const mode = values.smoke ? 'smoke' : 'full';
const names = positionals.length > 0 ? positionals : NAMES;

await buildInputs();
const began = performance.now();
const results = [];
for (const name of names) {
  const since = performance.now();
  const result = await measure(name);
  if (result === undefined) continue;
  const seconds = ((performance.now() - since) / 1_000).toFixed(0);
  process.stdout.write(`\n${result.title} (${name}, ${seconds} s)\n${textTable(result.rows)}\n`);
  results.push(result);
}
const minutes = (performance.now() - began) / 60_000;
process.stdout.write(`\n${minutes.toFixed(1)} minutes\n`);

if (mode === 'smoke') failBeyond(results);
else if (positionals.length === 0) writeResults(results, minutes);

/** The rows of one benchmark, in a process that runs nothing else; undefined where it has no such mode. */
async function measure(name) {
  // JSON has no Infinity.
  const options = { serialization: 'advanced' };
  const child = fork(new URL('benchmark.mjs', import.meta.url), [name, mode], options);
  let result;
  child.once('message', (message) => {
    result = { name, ...message };
  });
  const [code] = await once(child, 'exit');
  if (result === undefined && code !== 0)
    throw new Error(`the benchmark "${name}" failed with ${code}`);
  return result;
}

function failBeyond(results) {
  const broken = results.flatMap(({ name, rows }) =>
    rows.filter(({ ratio, bound }) => ratio > bound).map((row) => ({ name, ...row })),
  );
  for (const { name, what, against, ratio, bound } of broken) {
    process.stderr.write(
      `BROKEN: ${name}, ${what}, against ${against}: ${ratio.toFixed(2)}, at most ${bound}\n`,
    );
  }
  process.exitCode = broken.length > 0 ? 1 : 0;
}
