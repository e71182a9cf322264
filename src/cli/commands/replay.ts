import { createEmulator, type Reply } from '../../testing/index.js';
import { answer, type Question } from '../answer/answer.js';
import { stopOnSignals } from '../answer/stop.js';
import { viewFor } from '../answer/view.js';
import { type Command, command } from '../command.js';
import { readRecording } from '../emulator/read-recording.js';
import { DONE } from '../exit-codes.js';
import { FORMS, HELP, SHOWING } from '../options/options.js';
import { withEmulator } from '../question/with-client.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export const replayCommand: Command = command({
  summary: 'play recorded answers again, without a request',
  usage: 'replay [options] FILE ...',
  about: `Shows recorded answers as if they came now: through a real server on loopback and the real client.
A recording holds the events of --record or --jsonl, the bytes of an event stream, or an exchange
that millrace record kept. To serve recordings to other clients: millrace serve --replay DIR.`,
  options: {
    'What is shown': {
      ...FORMS,
      ...SHOWING,
      timing: { type: 'flag', help: 'take the time that an exchange took' },
    },
    Other: HELP,
  },
  operands: 'file',
  examples: [
    'millrace --record story.jsonl "Write a story" && millrace replay story.jsonl',
    'millrace replay --timing recordings/0001.jsonl',
    'millrace replay --json broken.sse',
  ],
  run: async ({ values, operands }, terminal) => {
    if (operands.length === 0) {
      throw new UsageError('there is no recording: write millrace replay recording.jsonl');
    }
    const { smooth, usage } = values;
    const manner = { view: viewFor(values), smooth, usage };
    const read = operands.map((file) => readRecording(file, values.timing));
    return play((await Promise.all(read)).flat(), manner, terminal);
  },
});

/** Plays answer after answer, up to the first that fails. */
async function play(
  replies: readonly Reply[],
  manner: Pick<Question, 'view' | 'smooth' | 'usage'>,
  terminal: Terminal,
): Promise<number> {
  const stop = stopOnSignals(terminal);
  const params = {
    model: 'replay',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'replay' }],
  } as const;
  try {
    return await withEmulator(createEmulator({ replies }), async (client) => {
      for (const _ of replies) {
        const options = { maxRetries: 0 };
        const question = { ...manner, client, params, options, record: undefined };
        const { code } = await answer(question, terminal, stop);
        if (code !== DONE) return code;
      }
      return DONE;
    });
  } finally {
    stop.release();
  }
}
