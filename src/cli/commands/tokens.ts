import type { MessageCountTokensParams } from '../../index.js';
import { type Command, command } from '../command.js';
import { DONE } from '../exit-codes.js';
import { HELP, NETWORK, QUESTION, TOOLS } from '../options/options.js';
import { readTools } from '../question/read-tools.js';
import { contentOf, readPrompt, timeoutOf } from '../question/request-params.js';
import { withClient } from '../question/with-client.js';

const { recover: _, ...CONNECTION } = NETWORK;

export const tokensCommand: Command = command({
  summary: 'count the input tokens of a question; nothing is generated',
  usage: 'tokens [options] [prompt ...]',
  about: `Prints how many input tokens a question comes to. Without ANTHROPIC_API_KEY the built-in emulator
estimates: four characters a token.`,
  options: {
    'The question': { ...QUESTION, ...TOOLS },
    Output: { json: { type: 'flag', help: 'the answer of the API as JSON' } },
    'When something goes wrong': CONNECTION,
    Other: HELP,
  },
  examples: ['millrace tokens < README.md', 'millrace tokens --file report.pdf "Summarise this"'],
  run: async ({ values, operands }, terminal) => {
    const { model, system, json, 'max-retries': maxRetries } = values;
    const content = await contentOf(await readPrompt(operands, terminal), values.file);
    const params: MessageCountTokensParams = {
      model,
      ...(system === undefined ? {} : { system }),
      ...(values.tools === undefined ? {} : { tools: await readTools(values.tools) }),
      messages: [{ role: 'user', content }],
    };
    const options = { timeout: timeoutOf(values.timeout), maxRetries };
    const count = await withClient(values['base-url'], terminal, (client) =>
      client.messages.countTokens(params, options),
    );
    terminal.stdout.write(`${json ? JSON.stringify(count) : count.input_tokens}\n`);
    return DONE;
  },
});
