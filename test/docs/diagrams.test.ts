import { expect, it } from 'vitest';
import { drawClocks } from './diagrams/clocks.js';
import { drawLateReaders } from './diagrams/late-readers.js';
import { drawRecovery } from './diagrams/recovery.js';
import { drawRelay } from './diagrams/relay.js';

/*
 * The diagrams of the docs, drawn from what the code does. `npx vitest run -u test/docs/diagrams.test.ts`
 * draws them again.
 */
it.each([
  ['clocks', drawClocks],
  ['late-readers', drawLateReaders],
  ['recovery', drawRecovery],
  ['relay', drawRelay],
])('docs/diagrams/%s.svg shows what the code does', async (name, draw) => {
  await expect(await draw()).toMatchFileSnapshot(`../../docs/diagrams/${name}.svg`);
});
