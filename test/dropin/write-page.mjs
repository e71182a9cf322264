import { writeFileSync } from 'node:fs';
import { FAULTS } from './faults.mjs';

/** The page of a run: a row for each fault, a column for each client, before → after. */
export function writePage(file, { before, after, limit, date, node }) {
  const names = order(before);
  const own = new Set(before.filter(({ ownClient }) => ownClient).map(({ name }) => name));
  const cellOf = (cells, name, fault) =>
    cells.find((cell) => cell.name === name && cell.fault === fault);
  const rows = FAULTS.map(({ name: fault }) => [
    `\`${fault}\``,
    ...names.map((name) =>
      both(cellOf(before, name, fault), cellOf(after, name, fault), own.has(name)),
    ),
  ]);
  const versions = [...new Set(before.map(({ version }) => version))].sort();
  const text = [
    HEAD,
    facts({ limit, date, node, before, after, own, names }),
    '## Of each client\n',
    table(
      ['client', 'silently short', 'no end', 'complete'],
      names.map((name) => summary(name, before, after, own.has(name))),
    ),
    '\n## Of each fault\n',
    LEGEND,
    table(['fault', ...names], rows),
    '\n## Versions\n',
    `${versions.join(', ')}.\n`,
    HOW,
  ].join('\n');
  writeFileSync(file, text);
}

const HEAD = `# What clients make of faults

<!-- Written by \`npm run bench -- faults\`. -->

Each cell is a client that reads an answer while the [emulator](testing.md#test-a-fault) makes one fault: first the library
as it is, then the same library over [millrace-anthropic-sdk](drop-in.md), with no other change.
For programs such as Claude Code, see [the gateway](gateway.md#what-agents-make-of-faults).
`;

const LEGEND = `- **short**: it resolved or ended without an error, and text was missing; for a tool call, an input that is not the whole one.
- *no end*: nothing had happened when the run was over.
- \`error\`: it threw, or reported an error; \`ok\`: everything arrived.
- A number is how many requests were made, where it was more than one. \`once\`: only the first request of the cell has the fault.
- Stagehand doesn't stream: faults of a stream leave its answer as it is.
- The \`textStream\` of the AI SDK and of Mastra never throws: the failures that they notice go to \`onError\` and
  \`finishReason\`, which a loop over the text doesn't see.
- One entry: before and after are the same. –: the client isn't tried with this kind of answer.
`;

const HOW = `
## Run it yourself

\`\`\`sh
npm run bench -- faults
\`\`\`

installs the libraries twice (\`test/dropin/prepare.mjs\`), packs both packages, and puts them under the second installation
with \`overrides\`. The clients are in \`test/dropin/clients\`, the faults in \`test/dropin/faults.mjs\`. It takes about ten
minutes.
`;

function facts({ limit, date, node, before, after, own, names }) {
  const over = (cells) => cells.filter(({ name }) => !own.has(name));
  const count = (cells, outcome) => over(cells).filter((cell) => cell.outcome === outcome).length;
  return `Run on ${date}, Node ${node}, ${names.length} clients × up to ${FAULTS.length} faults; a cell had ${limit / 1_000} seconds. Of the
${over(before).length} cells of clients that use the SDK, ${count(before, 'short')} were silently short before and ${count(after, 'short')} after; ${count(before, 'waits')} had no end in time
before and ${count(after, 'waits')} after. A stall ends after millrace's default clocks, 180 s of silence, and pings alone after 900 s; both are longer
than a cell lasts. The official SDK has no such clocks: see [timeouts](timeouts-and-retries.md).
`;
}

function summary(name, before, after, isOwn) {
  const count = (cells, outcome) =>
    cells.filter((cell) => cell.name === name && cell.outcome === outcome).length;
  const pair = (outcome) =>
    isOwn ? `${count(before, outcome)}` : `${count(before, outcome)} → ${count(after, outcome)}`;
  return [isOwn ? `${name} (a client of its own)` : name, pair('short'), pair('waits'), pair('ok')];
}

function both(before, after, isOwn) {
  if (before === undefined) return '–';
  const [was, is] = [word(before), word(after)];
  return isOwn || was === is ? was : `${was} → ${is}`;
}

const WORDS = { short: '**short**', waits: '*no end*', error: 'error', ok: 'ok' };

function word({ outcome, requests }) {
  return requests > 1 ? `${WORDS[outcome]} (${requests})` : WORDS[outcome];
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

/** The SDK itself first, clients of their own last. */
function order(cells) {
  const rank = ({ name, ownClient }) => (ownClient ? 2 : name.startsWith('SDK') ? 0 : 1);
  const sorted = [...cells].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return [...new Set(sorted.map(({ name }) => name))];
}
