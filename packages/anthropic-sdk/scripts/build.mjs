/*
 * Writes the package into dist/: each file of src/ at the path that the official SDK has for it, and the paths
 * that have only types there. `dist/cts` has the declarations again, as CommonJS sees them.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTypes } from './write-types.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, '../../node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json')], { stdio: 'inherit' });
cpSync(join(root, 'src/index.cjs'), join(dist, 'index.cjs'));
cpSync(join(root, '../../LICENSE'), join(root, 'LICENSE'));
writeTypes(root, dist);

const declarations = readdirSync(dist, { recursive: true, encoding: 'utf8' });
for (const file of declarations.filter((file) => file.endsWith('.d.ts'))) {
  cpSync(join(dist, file), join(dist, 'cts', file), { recursive: true });
}
writeFileSync(join(dist, 'cts/package.json'), '{ "type": "commonjs" }\n');
