import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { toBashScript } from '../../src/cli/completion/bash.js';
import { describeCommands } from '../../src/cli/completion/describe-commands.js';
import { toFishScript } from '../../src/cli/completion/fish.js';
import { toZshScript } from '../../src/cli/completion/zsh.js';
import { flattenGroups } from '../../src/cli/options/option.js';
import { run } from './command.js';

const SHELLS = { bash: toBashScript, zsh: toZshScript, fish: toFishScript };
const scripts = Object.entries(SHELLS).map(
  ([shell, script]) => [shell, script(describeCommands(COMMANDS))] as const,
);

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
mkdirSync(join(folder, 'story folder'));
writeFileSync(join(folder, 'story one.jsonl'), '');

/** Whether a shell is installed. If not, its tests are skipped with this notice. */
function isInstalled(shell: string): boolean {
  const found = spawnSync(shell, ['-c', 'true']).error === undefined;
  if (!found) process.stderr.write(`skipped: completion in ${shell}: it is not installed\n`);
  return found;
}

const INSTALLED = Object.fromEntries(
  Object.keys(SHELLS).map((shell) => [shell, isInstalled(shell)]),
);

/** Runs a script. @returns its output. */
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
      for (const option of Object.keys(flattenGroups(options))) expect(script).toContain(option);
    }
  });

  it.skipIf(!INSTALLED[name])('is valid in that shell', () => {
    writeFileSync(join(folder, `.${name}`), script);
    expect(shell(name, ['-n', `.${name}`])).toBe('');
  });
});

/** The suggestions of bash for a line whose last word is incomplete. */
function complete(line: string): string[] {
  const words = line.split(' ');
  const script = `
    ${toBashScript(describeCommands(COMMANDS))}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    _millrace
    for one in "\${COMPREPLY[@]}"; do echo "$one"; done`;
  return shell('bash', ['--norc', '-c', script]).split('\n').slice(0, -1);
}

describe.skipIf(!INSTALLED.bash)('bash completes', () => {
  it.each<[line: string, words: string[]]>([
    ['millrace ', Object.keys(COMMANDS)],
    ['millrace re', ['record', 'relay', 'replay']],
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
    expect(complete(line).sort()).toEqual([...words].sort());
  });
});

it.skipIf(!INSTALLED.zsh)('zsh registers the script as the completion of millrace', () => {
  const before = `autoload -U compinit; compinit -u -d ${join(folder, '.dump')}`;
  const script = `${before}\n${toZshScript(describeCommands(COMMANDS))}\nprint $_comps[millrace]`;
  expect(shell('zsh', ['-f', '-c', script])).toBe('_millrace\n');
});

describe.skipIf(!INSTALLED.fish)('fish completes', () => {
  it.each<[line: string, words: string[]]>([
    ['millrace re', ['record', 'relay', 'replay']],
    ['millrace --max', ['--max-retries', '--max-tokens']],
    ['millrace chat --sy', ['--system']],
    ['millrace serve --po', ['--port']],
    ['millrace completion z', ['zsh']],
    ['millrace serve --replay sto', ['story folder/']],
  ])("'%s'", (line, words) => {
    const script = `${toFishScript(describeCommands(COMMANDS))}\ncomplete -C '${line}'`;
    const offers = shell('fish', ['--no-config', '-c', script]).trim().split('\n');
    expect(offers.map((offer) => offer.split('\t')[0]).sort()).toEqual(words);
  });
});

it.each([[[]], [['tcsh']], [['constructor']], [['bash', 'zsh']]])('rejects %j', async (args) => {
  const { code, stderr } = await run(['completion', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain('name one shell: millrace completion bash|zsh|fish');
});
