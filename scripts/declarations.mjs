import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Removes the declarations that no entry needs, and writes those of `require('millrace')`. */
export async function finishDeclarations(folder, entries) {
  const needed = new Set();
  for (const entry of entries) await collect(resolve(folder, entry), needed);
  for (const file of await readdir(folder, { recursive: true })) {
    const path = resolve(folder, file);
    if (path.endsWith('.d.ts') && !needed.has(path)) await rm(path);
  }
  await writeFile(join(folder, 'index.d.cts'), await commonJsDeclaration(folder));
  for (const entry of [...entries, 'index.d.cts']) {
    const path = join(folder, entry);
    await writeFile(path, LIBS + (await readFile(path, 'utf8')));
  }
}

/** The types of TypeScript's own that ours need, for programs whose `lib` is older: of `using`, and of streams. */
const LIBS = `/// <reference lib="esnext.disposable" />
`;

async function collect(file, needed) {
  if (needed.has(file)) return;
  needed.add(file);
  for (const [, specifier] of (await readFile(file, 'utf8')).matchAll(
    /\b(?:from |import\()["'](\.[^"']+)\.js["']/g,
  )) {
    await collect(resolve(dirname(file), `${specifier}.d.ts`), needed);
  }
}

/**
 * `export =` of a class with the static members, the types and the exports. It extends the class of the
 * root entry: TypeScript adds nothing to a class that is imported.
 */
async function commonJsDeclaration(folder) {
  const read = (file) => readFile(join(folder, file), 'utf8');
  const client = await read('client.d.ts');
  const types = [...client.matchAll(/^ {4}export (?:type|namespace) (\w+)/gm)].map(
    ([, name]) => name,
  );
  const lists = [...(await read('index.d.ts')).matchAll(/^export (?:type )?\{([^}]*)\}/gm)];
  const names = lists
    .flatMap(([, list]) => list.split(','))
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => /^\w+$/.test(name) && !['Anthropic', 'Messages', ...types].includes(name))
    .join(', ');
  // The imports are errors where TypeScript does not know that Node can require an ES module.
  return `// @ts-ignore
import { Anthropic as Client, ${names} } from './index.js';
// @ts-ignore
import type * as Messages from './wire/api.js';
declare class Anthropic extends Client {}
declare namespace Anthropic {
    export { Anthropic, Anthropic as default, Messages, ${names} };
${types.map((name) => `    export import ${name} = Client.${name};`).join('\n')}
}
export = Anthropic;
`;
}
