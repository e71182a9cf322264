import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where a TypeScript is: the project's, and the oldest one that README.md promises. */
export const TYPESCRIPT = {
  current: `${root}node_modules/typescript/bin/tsc`,
  oldest: `${root}test/package/typescript-oldest/node_modules/typescript/bin/tsc`,
};

/** A folder with files, where `millrace` is installed as npm would install it. */
export async function makeProgram(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'program-'));
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@types'), { recursive: true });
  await cp(`${root}dist`, join(modules, 'millrace/dist'), { recursive: true });
  await cp(`${root}package.json`, join(modules, 'millrace/package.json'));
  await symlink(`${root}node_modules/@types/node`, join(modules, '@types/node'), 'junction');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const COMPILER_OPTIONS = {
  noEmit: true,
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
  module: 'nodenext',
  strict: true,
  types: ['node'],
  // The declarations of the package are checked too, not only what they are used for.
  skipLibCheck: false,
};

/**
 * What `tsc` says of the files `*.ts` of a folder: nothing where all is right.
 * @param options in place of some of those above.
 */
export async function compile(folder: string, tsc: string, options: object = {}): Promise<string> {
  const config = { compilerOptions: { ...COMPILER_OPTIONS, ...options }, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(
    (failed: { stdout: string }) => failed,
  );
  return stdout;
}
