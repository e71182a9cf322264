import { selectView } from '../answer/select-view.js';
import { type Command, command } from '../command.js';
import { DISPLAY, FORMATS, HELP } from '../options/options.js';
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
    const { play, readReplies } = await import('../emulator/play-recordings.js');
    const replies = await Promise.all(
      operands.map((file) => readReplies(file, values.timing, terminal)),
    );
    return play(replies.flat(), settings, terminal);
  },
});
