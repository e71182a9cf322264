import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { cells, HEAD, markdownTable } from './table.mjs';

const file = new URL('../RESULTS.md', import.meta.url);
const lock = new URL('../package-lock.json', import.meta.url);
const manifest = new URL('../package.json', import.meta.url);

/** Written by hand; a run keeps it. */
const BY_HAND = '## Tried, and did not pay';

/** Writes the page of results of a full run. */
export function writeResults(results, minutes) {
  const page = [
    '# Results',
    '',
    `Written by \`npm run bench\`, which took ${minutes.toFixed(0)} minutes. How to read it:`,
    '[docs/performance.md](../docs/performance.md). **Ratio** is the cost of millrace over the cost of the',
    'other, in one run: less is better, also where the values are rates. Values are medians of rounds in',
    'which the candidates took turns. `npm run bench -- --smoke NAME` runs a benchmark small and quickly.',
    '',
    setting(),
    '',
    'Load is how many processes wanted a processor, on average, near the end. Beyond what there are, others took',
    'part: ratios of whole processes over HTTP then vary most from run to run.',
    '',
    ...targets(results),
    ...results.flatMap(section),
    byHand(),
  ];
  writeFileSync(file, page.join('\n'));
}

function setting() {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
  const peers = Object.keys(dependencies).map(
    (name) => `${name} ${packages[`node_modules/${name}`].version}`,
  );
  const processors = cpus();
  return markdownTable(
    ['date', 'machine', 'load', 'Node', 'tree of src/', 'peers'],
    [
      [
        new Date().toISOString().slice(0, 10),
        `${processors.length} × ${processors[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
        loadavg()[1].toFixed(1),
        process.version,
        execFileSync('git', ['rev-parse', '--short', 'HEAD:src'], { encoding: 'utf8' }).trim(),
        peers.join(', '),
      ],
    ],
  );
}

/** The rows that have a target, and those of them that miss it. */
function targets(results) {
  const rows = results.flatMap(({ name, rows }) =>
    rows.filter(({ target }) => target !== undefined).map((row) => ({ ...row, name })),
  );
  const missed = rows.filter(({ ratio, target }) => ratio > target);
  return [
    '## Targets',
    '',
    missed.length === 0
      ? 'All are met.'
      : `${missed.length} of ${rows.length} are missed: ${missed
          .map(
            ({ name, what, ratio, target }) =>
              `${name}, ${what} (${ratio.toFixed(2)}, not ${target})`,
          )
          .join('; ')}.`,
    '',
    markdownTable(
      ['benchmark', 'what', 'against', 'ratio', 'target', 'met'],
      rows.map((row) => {
        const [what, , , against, , ratio, target, met] = cells(row);
        return [row.name, what, against, ratio, target, met];
      }),
    ),
    '',
  ];
}

function section({ name, title, modes, rows }) {
  return [
    `## ${title}`,
    '',
    `\`${name}\`${settings(modes.full, ': ')}. ${smoke(modes)}.`,
    '',
    markdownTable(HEAD, rows.map(cells)),
    '',
  ];
}

function smoke({ smoke: quick }) {
  if (quick === undefined)
    return 'Not in the smoke run: `test/package/size.test.ts` has the ceilings';
  return `Quickly, in the smoke run${settings(quick, ': ')}`;
}

function settings(mode, before) {
  return Object.keys(mode).length > 0 ? `${before}${told(mode)}` : '';
}

/** A mode in words: its settings and their values. */
function told(mode) {
  return Object.entries(mode)
    .map(([name, value]) =>
      typeof value === 'object' ? `${name} (${told(value)})` : `${name} ${value}`,
    )
    .join(', ');
}

function byHand() {
  const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = written.indexOf(BY_HAND);
  return at === -1 ? `${BY_HAND}\n` : written.slice(at);
}
