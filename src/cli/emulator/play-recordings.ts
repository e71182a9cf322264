import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseRecording, type Reply } from '../../testing/index.js';
import { interruptOnSignals } from '../answer/interruption.js';
import { type AnswerRequest, streamAnswer } from '../answer/stream-answer.js';
import { DONE } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { withEmulator } from './with-emulator.js';

/** The answers in a recording; `-` is stdin. @throws UsageError */
export async function readReplies(
  file: string,
  timing: boolean,
  { stdin }: Terminal,
): Promise<Reply[]> {
  try {
    const bytes = file === '-' ? await buffer(stdin) : await readFile(file);
    return parseRecording(bytes, { timing });
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** Plays answer after answer, up to the first that fails. Resolves with the exit code. */
export async function play(
  replies: readonly Reply[],
  settings: Pick<AnswerRequest, 'view' | 'smooth' | 'usage'>,
  terminal: Terminal,
): Promise<number> {
  const interrupter = interruptOnSignals(terminal);
  const params = {
    model: 'replay',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'replay' }],
  } as const;
  try {
    return await withEmulator({ replies }, async (client) => {
      for (const _ of replies) {
        const options = { maxRetries: 0 };
        const request = { ...settings, client, params, options, record: undefined };
        const { code } = await streamAnswer(request, terminal, interrupter);
        if (code !== DONE) return code;
      }
      return DONE;
    });
  } finally {
    interrupter.release();
  }
}
