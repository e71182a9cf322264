import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { bashCompletion } from '../../src/cli/completion/bash.js';
import { completed } from '../../src/cli/completion/completed.js';
import { fishCompletion } from '../../src/cli/completion/fish.js';
import { zshCompletion } from '../../src/cli/completion/zsh.js';
import { ungrouped } from '../../src/cli/options/option.js';
import { run } from './command.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const scripts = Object.entries(SHELLS).map(
  ([shell, script]) => [shell, script(completed(COMMANDS))] as const,
);

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
mkdirSync(join(folder, 'story folder'));
writeFileSync(join(folder, 'story one.jsonl'), '');

/** Whether there is such a shell. Where there is none, its tests are skipped with this notice. */
function isHere(shell: string): boolean {
  const found = spawnSync(shell, ['-c', 'true']).error === undefined;
  if (!found) process.stderr.write(`skipped: completion in ${shell}: it is not installed\n`);
  return found;
}

const HERE = Object.fromEntries(Object.keys(SHELLS).map((shell) => [shell, isHere(shell)]));

/** Runs a script. @returns what it prints. */
function shell(name: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe.each(scripts)('for %s', (name, script) => {
  it('is what the command prints', async () => {
    expect(await run(['completion', name])).toEqual({ code: 0, stdout: script, stderr: '' });
  });

  it('has every command, and every option of each', () => {
    for (const [command, { options }] of Object.entries(COMMANDS)) {
      expect(script).toContain(command);
      for (const option of Object.keys(ungrouped(options))) expect(script).toContain(option);
    }
  });

  it.skipIf(!HERE[name])('is a script of that shell', () => {
    writeFileSync(join(folder, `.${name}`), script);
    expect(shell(name, ['-n', `.${name}`])).toBe('');
  });
});

/** What bash offers for a line whose last word is being written. */
function offered(line: string): string[] {
  const words = line.split(' ');
  const script = `
    ${bashCompletion(completed(COMMANDS))}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    _millrace
    for one in "\${COMPREPLY[@]}"; do echo "$one"; done`;
  return shell('bash', ['--norc', '-c', script]).split('\n').slice(0, -1);
}

describe.skipIf(!HERE.bash)('bash completes', () => {
  it.each<[line: string, words: string[]]>([
    ['millrace ', Object.keys(COMMANDS)],
    ['millrace re', ['record', 'replay']],
    ['millrace --max', ['--max-tokens', '--max-retries']],
    ['millrace Hello --js', ['--json', '--jsonl']],
    ['millrace chat --sy', ['--system']],
    ['millrace chat --json', []],
    ['millrace serve --po', ['--port']],
    ['millrace --timeout ', ['response=', 'idle=', 'stall=', 'total=']],
    ['millrace --model ', []],
    ['millrace completion ', ['bash', 'zsh', 'fish']],
    ['millrace replay sto', ['story folder', 'story one.jsonl']],
    ['millrace --file sto', ['story folder', 'story one.jsonl']],
    ['millrace chat -f sto', ['story folder', 'story one.jsonl']],
    ['millrace serve --replay sto', ['story folder']],
  ])("'%s'", (line, words) => {
    expect(offered(line).sort()).toEqual([...words].sort());
  });
});

it.skipIf(!HERE.zsh)('zsh takes the script as the completion of millrace', () => {
  const before = `autoload -U compinit; compinit -u -d ${join(folder, '.dump')}`;
  const script = `${before}\n${zshCompletion(completed(COMMANDS))}\nprint $_comps[millrace]`;
  expect(shell('zsh', ['-f', '-c', script])).toBe('_millrace\n');
});

describe.skipIf(!HERE.fish)('fish completes', () => {
  it.each<[line: string, words: string[]]>([
    ['millrace re', ['record', 'replay']],
    ['millrace --max', ['--max-retries', '--max-tokens']],
    ['millrace chat --sy', ['--system']],
    ['millrace serve --po', ['--port']],
    ['millrace completion z', ['zsh']],
    ['millrace serve --replay sto', ['story folder/']],
  ])("'%s'", (line, words) => {
    const script = `${fishCompletion(completed(COMMANDS))}\ncomplete -C '${line}'`;
    const offers = shell('fish', ['--no-config', '-c', script]).trim().split('\n');
    expect(offers.map((offer) => offer.split('\t')[0]).sort()).toEqual(words);
  });
});

it.each([[[]], [['tcsh']], [['constructor']], [['bash', 'zsh']]])('refuses %j', async (args) => {
  const { code, stderr } = await run(['completion', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain('name one shell: millrace completion bash, zsh, fish');
});
