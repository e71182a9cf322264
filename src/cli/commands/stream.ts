import { EventFile } from '../answer/event-file.js';
import { interruptOnSignals } from '../answer/interruption.js';
import { selectView } from '../answer/select-view.js';
import { streamAnswer } from '../answer/stream-answer.js';
import { type Command, command } from '../command.js';
import {
  DISPLAY,
  FORMATS,
  GENERATION,
  HELP,
  NETWORK,
  PROMPT,
  RECORD,
  SCHEMA,
  TOOLS,
} from '../options/options.js';
import { readSchema } from '../request/read-schema.js';
import { readTools } from '../request/read-tools.js';
import { readPrompt, toContent, toParams, toStreamOptions } from '../request/request-params.js';
import { withClient } from '../request/with-client.js';

export const streamCommand: Command = command({
  summary: 'stream one answer; the default command',
  usage: '[options] [prompt ...]',
  about: `Streams an answer to stdout as it is written. Everything else goes to stderr.
A piped prompt is appended to the one on the command line.
Without ANTHROPIC_API_KEY the built-in emulator replies with a built-in story.`,
  options: {
    Prompt: { ...PROMPT, ...TOOLS, ...SCHEMA },
    Generation: GENERATION,
    Output: { ...FORMATS, ...DISPLAY, ...RECORD },
    Network: NETWORK,
    Other: { ...HELP, version: { type: 'flag', help: 'print the version' } },
  },
  examples: [
    'millrace "Write a story"',
    'git diff | millrace --system "Be brief" "Review this change"',
    'millrace --file chart.png "What does it show?"',
    'millrace --json "What is 2+2?" | jq .usage',
    'millrace --extract "A shell script that counts lines" > count.sh',
    `millrace --schema '{"type":"object","properties":{"name":{"type":"string"}}}' "A miller" | jq .name`,
    'millrace --timeout total=2m --recover "Write a novel"',
  ],
  run: async ({ values, operands }, terminal) => {
    const view = selectView(values);
    const content = await toContent(await readPrompt(operands, terminal), values.file);
    const tools = values.tools === undefined ? undefined : await readTools(values.tools);
    const format = values.schema === undefined ? undefined : await readSchema(values.schema);
    const params = {
      ...toParams(values),
      ...(values.system === undefined ? {} : { system: values.system }),
      ...(tools === undefined ? {} : { tools }),
      ...(format === undefined ? {} : { output_config: { format } }),
      messages: [{ role: 'user' as const, content }],
    };
    const record = values.record === undefined ? undefined : await EventFile.open(values.record);
    const interrupter = interruptOnSignals(terminal);
    try {
      const { code } = await withClient(values, terminal, (client) => {
        const options = toStreamOptions(values);
        const { smooth, usage } = values;
        const request = { client, params, options, view, smooth, usage, record };
        return streamAnswer(request, terminal, interrupter);
      });
      return code;
    } finally {
      interrupter.release();
      await record?.close();
    }
  },
});
