/*
 * Adds to package-lock.json the optional packages for other platforms that `npm install` left out.
 * npm drops them where its registry does not carry them, and then `npm ci` refuses the lockfile
 * everywhere. Run it after each `npm install` behind such a registry; elsewhere it changes nothing.
 * Its argument is the folder of the lockfile; default the current one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(process.argv[2] ?? '.', 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));

const OS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const CPU = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
const LIBC = { musl: 'musl', musleabihf: 'musl', gnu: 'glibc', gnueabihf: 'glibc' };

/** What a package's name says of the platform it is for: `@scope/name-linux-x64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/.]/);
  const [os, cpu] = [OS, CPU].map((known) => words.filter((word) => known.includes(word)));
  const libc = words.flatMap((word) => LIBC[word] ?? []);
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && os.includes('linux') && { libc }),
    ...(os.length > 0 && { os }),
  };
}

let added = 0;
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`;
    if (key in lock.packages) continue;
    lock.packages[key] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
    added++;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
if (added > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} packages added\n`);
