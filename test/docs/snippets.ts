import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** A piece of a document, as its readers would copy it. */
export interface Snippet {
  name: string;
  code: string;
}

/** The fenced `ts` blocks of a document. */
export function snippetsOf(document: string): Snippet[] {
  const text = readFileSync(`${root}${document}`, 'utf8');
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)];
  return blocks.map(([, code = ''], index) => ({
    name: `${document.replace(/\W+/g, '-')}-${index + 1}`,
    code,
  }));
}

/**
 * Compiles snippets as a user of the package would: inside of it, so that `millrace` is the build.
 * @returns the folder with the compiled files.
 * @throws with the compiler's output.
 */
export async function compile(snippets: readonly Snippet[], name: string): Promise<string> {
  const folder = `${root}test/docs/.snippets/${name}/`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, code } of snippets) writeFileSync(`${folder}${name}.ts`, code);
  const config = {
    extends: '../../../../tsconfig.base.json',
    compilerOptions: {
      rootDir: '.',
      outDir: 'out',
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.asynciterable'],
    },
    include: ['*.ts'],
  };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(config));
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout?: string }) => {
    throw new Error(`the snippets do not compile:\n${error.stdout}`);
  });
  return `${folder}out/`;
}

/** Runs one compiled file to its end. */
export async function execute(
  file: string,
  env: Record<string, string>,
): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [file], { env: { ...process.env, ...env }, timeout: 15_000 });
}
