/*
 * Draws docs/pictures/terminal.svg: a run of the built command on a terminal, as it appears, character by
 * character. Needs `script` of util-linux.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEmulator, reply, serve } from '../dist/testing.js';

const PICTURE = new URL('../docs/pictures/terminal.svg', import.meta.url);
const MAIN = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const PROMPT = 'A script that counts lines';
const ANSWER = `# Count lines

\`wc\` counts them; **-l** means *lines*:

\`\`\`sh
wc -l < "$1"   # the name isn't printed
\`\`\`

| file | lines |
|---|---|
| README.md | 380 |
| LICENSE | 21 |

> A last line without a line feed isn't counted.
`;

const COLUMNS = 72;
const CELL = { width: 8.43, height: 21 };
const MARGIN = 20;
const COLOURS = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#a5d6ff',
};

/** What is on the screen at the end: rows of cells, each with its style and the time when it appeared. */
async function run() {
  const pace = { firstToken: 900, tokensPerSecond: 30 };
  const server = await serve(createEmulator({ replies: [reply.text(ANSWER)], pace }));
  const line = `stty cols ${COLUMNS} rows 40 -echoctl; exec '${process.execPath}' '${MAIN}' '${PROMPT}'`;
  const env = {
    ...process.env,
    ANTHROPIC_API_KEY: 'key',
    ANTHROPIC_BASE_URL: server.url,
    TERM: 'xterm-256color',
    SHELL: '/bin/sh',
  };
  const child = spawn('script', ['-qfec', line, '/dev/null'], { env });
  const terminal = new Terminal();
  const begin = performance.now();
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => terminal.write(text, performance.now() - begin));
  await new Promise((resolve) => child.on('close', resolve));
  await server.close();
  return terminal.rows;
}

const ESC = '\u001b';
/** An escape sequence with its numbers and its letter, or one character. */
const PARTS = new RegExp(`${ESC}\\[([\\d;?]*)([A-Za-z])|[\\s\\S]`, 'gu');

/** As much of a terminal as the command needs: text, line feeds, carriage returns, colours, erasing a line. */
class Terminal {
  rows = [[]];
  #row = 0;
  #column = 0;
  #style = { colour: '', bold: false, dim: false, italic: false };

  write(text, time) {
    for (const [part, codes, command] of text.matchAll(PARTS)) {
      if (command === 'm') this.#restyle(codes);
      else if (command === 'K') this.rows[this.#row] = this.rows[this.#row].slice(0, this.#column);
      else if (part === '\r') this.#column = 0;
      else if (part === '\n') this.rows[++this.#row] ??= [];
      else if (part >= ' ') this.rows[this.#row][this.#column++] = { part, time, ...this.#style };
    }
  }

  #restyle(codes) {
    for (const code of codes.split(';').map(Number)) {
      if (code === 0) this.#style = { colour: '', bold: false, dim: false, italic: false };
      else if (code === 1 || code === 2)
        this.#style = { ...this.#style, [code === 1 ? 'bold' : 'dim']: true };
      else if (code === 22) this.#style = { ...this.#style, bold: false, dim: false };
      else if (code === 3 || code === 23) this.#style = { ...this.#style, italic: code === 3 };
      else if (code === 39 || code in COLOURS)
        this.#style = { ...this.#style, colour: COLOURS[code] ?? '' };
    }
  }
}

function draw(rows) {
  const lines = rows.findLastIndex((row) => row.length > 0) + 2;
  const width = Math.ceil(COLUMNS * CELL.width) + 2 * MARGIN;
  const height = lines * CELL.height + 2 * MARGIN + 22;
  const prompt = [...`$ millrace "${PROMPT}"`].map((part) => ({ part, time: 0, bold: true }));
  const texts = [prompt, ...rows].flatMap((row, i) => spans(row, MARGIN + 36 + i * CELL.height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="millrace answers on a terminal" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">`,
    '<style>text{fill:#e6edf3;white-space:pre}.d{fill:#8b949e}.b{font-weight:700}.i{font-style:italic}',
    '@media (prefers-reduced-motion:no-preference){.t{opacity:0;animation:t .01s linear forwards}}',
    '@keyframes t{to{opacity:1}}</style>',
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, i) => `<circle cx="${20 + i * 20}" cy="18" r="6" fill="${fill}"/>`,
    ),
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}

/** One text for what appeared together and looks alike. */
function spans(row, y) {
  const groups = [];
  row.forEach((cell, column) => {
    const last = groups.at(-1);
    const key = [Math.round(cell.time / 50), cell.colour, cell.bold, cell.dim, cell.italic].join();
    if (last?.key === key && last.end === column) {
      last.text += cell.part;
      last.end++;
    } else groups.push({ key, text: cell.part, cell, column, end: column + 1 });
  });
  return groups
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, cell, column }) => {
      const classes = ['t', cell.dim && 'd', cell.bold && 'b', cell.italic && 'i'].filter(Boolean);
      const fill = cell.colour
        ? ` style="fill:${cell.colour};animation-delay:${seconds(cell)}"`
        : ` style="animation-delay:${seconds(cell)}"`;
      const x = (MARGIN + column * CELL.width).toFixed(1);
      return `<text x="${x}" y="${y}" class="${classes.join(' ')}"${fill} xml:space="preserve" textLength="${(text.length * CELL.width).toFixed(1)}">${escaped(text)}</text>`;
    });
}

const seconds = ({ time }) => `${(Math.round(time / 50) / 20).toFixed(2)}s`;

const escaped = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

writeFileSync(PICTURE, draw(await run()));
