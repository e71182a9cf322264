import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/*
 * Node 24 is the first that runs `using`: on 20 and 22 it is a SyntaxError, in `.mts` files too. Who copies
 * such a snippet must read that beside it.
 */

const root = new URL('../../', import.meta.url);
const documents = [
  'README.md',
  ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`),
];

const USING = /^ *(?:await )?using \w+ =/m;

/** The section of each `ts` snippet that needs it: from its heading on. */
function sectionsWithUsing(document: string): string[] {
  if (!document.endsWith('.md')) return [];
  const sections = readFileSync(new URL(document, root), 'utf8').split(/^(?=#+ )/m);
  return sections.filter((section) =>
    [...section.matchAll(/^```ts\n(.*?)^```/gms)].some(([, code = '']) => USING.test(code)),
  );
}

const sections = documents.flatMap((document) =>
  sectionsWithUsing(document).map((section) => ({
    name: `${document}: ${section.split('\n', 1)[0]}`,
    section,
  })),
);

it('there are snippets with using', () => {
  expect(sections.map(({ name }) => name)).toContain(
    'docs/interruption.md: ## Close it with its scope',
  );
});

it.each(sections)('$name says which Node it needs', ({ section }) => {
  expect(section).toMatch(/Node 24 or newer/);
});
