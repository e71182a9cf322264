import type { MessageCountTokensParams } from '../../index.js';
import { toJson } from '../answer/json-views.js';
import { type Command, command } from '../command.js';
import { DONE } from '../exit-codes.js';
import { HELP, NETWORK, PROMPT, TOOLS } from '../options/options.js';
import { readTools } from '../request/read-tools.js';
import { mergeTimeouts, readPrompt, toContent } from '../request/request-params.js';
import { withClient } from '../request/with-client.js';

const { recover: _, ...CONNECTION } = NETWORK;

export const tokensCommand: Command = command({
  summary: 'count the input tokens of a prompt, without an answer',
  usage: 'tokens [options] [prompt ...]',
  about: `Prints the number of input tokens of a prompt. Without ANTHROPIC_API_KEY the built-in emulator
estimates it: four characters per token.`,
  options: {
    Prompt: { ...PROMPT, ...TOOLS },
    Output: { json: { type: 'flag', help: 'the response of the API as JSON' } },
    Network: CONNECTION,
    Other: HELP,
  },
  examples: ['millrace tokens < README.md', 'millrace tokens --file report.pdf "Summarise this"'],
  run: async ({ values, operands }, terminal) => {
    const { model, system, json, 'max-retries': maxRetries } = values;
    const content = await toContent(await readPrompt(operands, terminal), values.file);
    const params: MessageCountTokensParams = {
      model,
      ...(system === undefined ? {} : { system }),
      ...(values.tools === undefined ? {} : { tools: await readTools(values.tools) }),
      messages: [{ role: 'user', content }],
    };
    const options = { timeout: mergeTimeouts(values.timeout), maxRetries };
    const count = await withClient(
      values,
      terminal,
      (client) => client.messages.countTokens(params, options),
      'estimates the count',
    );
    terminal.stdout.print(`${json ? toJson(count) : count.input_tokens}\n`);
    return DONE;
  },
});
