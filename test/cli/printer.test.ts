import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Printer } from '../../src/cli/printer.js';
import { styled } from '../../src/cli/styled.js';

/** A printer on a stream. @returns the printer, and what has been written. */
function createPrinter(isTTY: boolean, env: NodeJS.ProcessEnv = { TERM: 'xterm' }) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 20 });
  const printer = new Printer(stream as unknown as NodeJS.WriteStream, env);
  return { printer, getOutput: () => String(stream.read() ?? '') };
}

const EVIL = 'a\u001b]52;c;ZXZpbA==\u0007\u009b31m\u202eb\u2028c';
const SAFE = 'a\ufffd]52;c;ZXZpbA==\ufffd\ufffd31m\ufffdb\ufffdc';

describe.each([true, false])('a printer, on a terminal: %s,', (isTTY) => {
  it('prints safe text and safe lines', () => {
    const { printer, getOutput } = createPrinter(isTTY);
    printer.print(`${EVIL}\n`);
    printer.printLine(`${EVIL}\nmillrace: forged\tx`);
    expect(getOutput()).toBe(`${SAFE}\n${SAFE} millrace: forged x\n`);
  });

  it('cuts a line of megabytes', () => {
    const { printer, getOutput } = createPrinter(isTTY);
    printer.printLine('x'.repeat(5_000_000));
    expect(getOutput()).toMatch(/^x{10000}…\n$/);
  });
});

it('writes styled text with its escape codes only, on a terminal', async () => {
  const { printer, getOutput } = createPrinter(true);
  await printer.writeAnswer(styled(EVIL, 'bold'));
  await printer.writeAnswer(EVIL);
  expect(getOutput()).toBe(`\u001b[1m${SAFE}\u001b[22m${SAFE}`);
});

it.each([{ NO_COLOR: '1', TERM: 'xterm' }, { TERM: 'dumb' }])(
  'writes no codes with %j',
  async (env) => {
    const { printer, getOutput } = createPrinter(true, env);
    await printer.writeAnswer(styled(EVIL, 'bold'));
    expect(getOutput()).toBe(SAFE);
  },
);

it('writes byte for byte into a pipe', async () => {
  const { printer, getOutput } = createPrinter(false);
  await printer.writeAnswer(styled(EVIL, 'bold'));
  await printer.writeAnswer('a\r\n');
  expect(getOutput()).toBe(`${EVIL}a\r\n`);
});

it('draws a status line that is safe and no wider than the terminal', () => {
  const { printer, getOutput } = createPrinter(true);
  printer.redrawLine(`${EVIL}\n${'x'.repeat(100)}`);
  expect(getOutput()).toBe(`\r\u001b[K\u001b[2m${SAFE.slice(0, 19)}\u001b[22m`);
});

it('is the only thing in the command that prints', () => {
  const cli = fileURLToPath(new URL('../../src/cli/', import.meta.url));
  const files = readdirSync(cli, { recursive: true, encoding: 'utf8' });
  const printing = files
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      /console\.|process\.(stdout|stderr)|WriteStream/.test(readFileSync(cli + file, 'utf8')),
    );
  // The terminal makes the printers.
  expect(printing.sort()).toEqual(['printer.ts', 'terminal.ts']);
});
