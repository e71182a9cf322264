import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { createEmulator, parseRecording, type Reply } from '../../testing/index.js';
import { interruptOnSignals } from '../answer/interruption.js';
import { selectView } from '../answer/select-view.js';
import { type AnswerRequest, streamAnswer } from '../answer/stream-answer.js';
import { type Command, command } from '../command.js';
import { DONE } from '../exit-codes.js';
import { DISPLAY, FORMATS, HELP } from '../options/options.js';
import { withEmulator } from '../request/with-client.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export const replayCommand: Command = command({
  summary: 'replay recorded answers, without the API',
  usage: 'replay [options] FILE ...',
  about: `Shows recorded answers as if they arrived now: a local server sends them to the real client.
A recording holds the events of --record or --jsonl, the bytes of an event stream, or an exchange
that millrace record wrote; - is stdin. To serve recordings to other clients, use millrace serve
--replay DIR.`,
  options: {
    Output: {
      ...FORMATS,
      ...DISPLAY,
      timing: { type: 'flag', help: 'repeat the delays of a recorded exchange' },
    },
    Other: HELP,
  },
  operands: 'file',
  examples: [
    'millrace --record story.jsonl "Write a story" && millrace replay story.jsonl',
    'millrace replay --timing recordings/0001.jsonl',
    'millrace replay --json broken.sse',
    'curl -N … | millrace replay -',
  ],
  run: async ({ values, operands }, terminal) => {
    if (operands.length === 0) {
      throw new UsageError('name a recording: millrace replay recording.jsonl');
    }
    const { smooth, usage } = values;
    const settings = { view: selectView(values), smooth, usage };
    const replies = await Promise.all(
      operands.map((file) => readReplies(file, values.timing, terminal)),
    );
    return play(replies.flat(), settings, terminal);
  },
});

async function readReplies(file: string, timing: boolean, { stdin }: Terminal): Promise<Reply[]> {
  try {
    const bytes = file === '-' ? await buffer(stdin) : await readFile(file);
    return parseRecording(bytes, { timing });
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** Plays answer after answer, up to the first that fails. */
async function play(
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
    return await withEmulator(createEmulator({ replies }), async (client) => {
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
