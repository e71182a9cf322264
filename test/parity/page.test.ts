import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { render } from './page.js';
import { SECTIONS } from './rows.js';

const PAGE = fileURLToPath(new URL('../../docs/coming-from-python.md', import.meta.url));
const START = /^[\s\S]*<!-- Made of test\/parity\/rows .*-->\n/;

it('the page for users of Python shows the rows', async () => {
  const [head = ''] = START.exec(readFileSync(PAGE, 'utf8')) ?? [];
  expect(head).not.toBe('');
  await expect(`${head}\n${render(SECTIONS)}`).toMatchFileSnapshot(PAGE);
});
