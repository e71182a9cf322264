import { answer } from '../answer/answer.js';
import { EventFile } from '../answer/event-file.js';
import { stopOnSignals } from '../answer/stop.js';
import { viewFor } from '../answer/view.js';
import { type Command, command } from '../command.js';
import {
  FORMS,
  HELP,
  NETWORK,
  QUESTION,
  RECORD,
  SHOWING,
  TOOLS,
  WRITING,
} from '../options/options.js';
import { readTools } from '../question/read-tools.js';
import { contentOf, readPrompt, streamOptions, writingParams } from '../question/request-params.js';
import { withClient } from '../question/with-client.js';

export const streamCommand: Command = command({
  summary: 'stream one answer; what happens without a command',
  usage: '[options] [prompt ...]',
  about: `Streams an answer to stdout as it is written. Everything else goes to stderr.
A prompt that is piped in is added to the one on the command line.
Without ANTHROPIC_API_KEY the built-in emulator answers, with a story of its own.`,
  options: {
    'The question': { ...QUESTION, ...TOOLS },
    'The answer': WRITING,
    'What is shown': { ...FORMS, ...SHOWING, ...RECORD },
    'When something goes wrong': NETWORK,
    Other: { ...HELP, version: { type: 'flag', help: 'the version' } },
  },
  examples: [
    'millrace "Write a story"',
    'git diff | millrace --system "Be brief" "Review this change"',
    'millrace --file chart.png "What does it show?"',
    'millrace --json "What is 2+2?" | jq .usage',
    'millrace --extract "A shell script that counts lines" > count.sh',
    'millrace --timeout total=2m --recover "Write a novel"',
  ],
  run: async ({ values, operands }, terminal) => {
    const view = viewFor(values);
    const content = await contentOf(await readPrompt(operands, terminal), values.file);
    const tools = values.tools === undefined ? undefined : await readTools(values.tools);
    const params = {
      ...writingParams(values),
      ...(values.system === undefined ? {} : { system: values.system }),
      ...(tools === undefined ? {} : { tools }),
      messages: [{ role: 'user' as const, content }],
    };
    const record = values.record === undefined ? undefined : await EventFile.open(values.record);
    const stop = stopOnSignals(terminal);
    try {
      const { code } = await withClient(values['base-url'], terminal, (client) => {
        const options = streamOptions(values);
        const { smooth, usage } = values;
        return answer({ client, params, options, view, smooth, usage, record }, terminal, stop);
      });
      return code;
    } finally {
      stop.release();
      await record?.close();
    }
  },
});
