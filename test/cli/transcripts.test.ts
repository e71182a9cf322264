import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { watch } from './command.js';
import { describeTerminal } from './terminal.js';

const script = fileURLToPath(new URL('../../scripts/command-transcripts.mjs', import.meta.url));

describeTerminal('docs/command-transcripts.md', () => {
  it('is up to date; else run node scripts/command-transcripts.mjs', async () => {
    const { finished } = watch(spawn(process.execPath, [script, '--check']));
    expect(await finished).toEqual({ code: 0, stdout: '', stderr: '' });
  }, 120_000);
});
