import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCUMENTS = ['README.md', 'docs/runtimes.md'].map((path) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url)),
);
const MARKED = /(<!-- runtimes: .*? -->\n)(.*?)(<!-- \/runtimes -->)/s;
const SUITES = ['contract', 'network', 'blocking', 'emulator', 'memory', 'follow'];
const BROWSERS = /^(\| (?:Chromium|Firefox) \|) [^|]+/gm;

/**
 * Writes the table of a whole run into the documents. In CI it writes nothing and checks: they must
 * name the same runtimes and results, and the same versions but of browsers, which are the system's.
 * @returns whether the documents are true.
 */
export function keepTable(rows) {
  const table = tableOf(rows);
  const stale = DOCUMENTS.filter((path) => {
    const text = readFileSync(path, 'utf8');
    if (!MARKED.test(text)) throw new Error(`there is no place for the table in ${path}`);
    if (process.env.CI) return !isTrue(MARKED.exec(text)[2], table);
    writeFileSync(
      path,
      text.replace(MARKED, (_, start, __, end) => `${start}${table}${end}`),
    );
    return false;
  });
  for (const path of stale) {
    const hint = 'run `npm run test:runtimes` and commit what it writes';
    process.stdout.write(`the table in ${path} is not what was run; ${hint}:\n${table}`);
  }
  return stale.length === 0;
}

function tableOf(rows) {
  const lines = rows.map(({ name, version, suites }) => {
    const cells = SUITES.map((suite) => cell(suites[suite]));
    return `| ${[name, version, ...cells].join(' | ')} |`;
  });
  const head = `| runtime | version | ${SUITES.join(' | ')} |\n|---|---|${SUITES.map(() => '---|').join('')}\n`;
  return `${head}${lines.join('\n')}\n`;
}

function cell(suite) {
  return suite === undefined ? '–' : `${suite.passed} of ${suite.all}`;
}

function isTrue(written, table) {
  const comparable = (text) => text.replace(BROWSERS, '$1');
  return comparable(written) === comparable(table);
}
