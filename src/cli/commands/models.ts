import type { ModelInfo } from '../../index.js';
import { toJson } from '../answer/json-views.js';
import { type Command, command } from '../command.js';
import { DONE } from '../exit-codes.js';
import { cellWidth } from '../layout/cell-width.js';
import { HELP, NETWORK } from '../options/options.js';
import { mergeTimeouts } from '../request/request-params.js';
import { withClient } from '../request/with-client.js';
import { UsageError } from '../usage-error.js';

const { recover: _, ...CONNECTION } = NETWORK;

export const modelsCommand: Command = command({
  summary: 'list the models',
  usage: 'models [options]',
  about: `Lists the models, the newest first: the id, the context window and the longest output in tokens, and
the name. Without ANTHROPIC_API_KEY the built-in emulator lists the models that it knows.`,
  options: {
    Output: {
      json: { type: 'flag', help: 'the models as a JSON list, with all that they can do' },
    },
    Network: CONNECTION,
    Other: HELP,
  },
  operands: [],
  examples: ['millrace models', 'millrace models --json | jq -r ".[].id"'],
  run: async ({ values, operands }, terminal) => {
    if (operands[0] !== undefined) {
      throw new UsageError(`unexpected argument '${operands[0]}': models takes options only`);
    }
    const { json, timeout, 'max-retries': maxRetries } = values;
    const options = { timeout: mergeTimeouts(timeout), maxRetries };
    const models = await withClient(
      values,
      terminal,
      async (client) => {
        const all: ModelInfo[] = [];
        for await (const model of client.models.list({}, options)) all.push(model);
        return all;
      },
      'lists its models',
    );
    if (json) terminal.stdout.print(`${toJson(models, 2)}\n`);
    else for (const line of toLines(models)) terminal.stdout.printLine(line);
    return DONE;
  },
});

/** Aligned columns. The name is last: it has spaces, and `awk` can take the others by number. */
function toLines(models: readonly ModelInfo[]): string[] {
  const rows = models.map(({ id, display_name, max_input_tokens, max_tokens }) => [
    id,
    String(max_input_tokens ?? '-'),
    String(max_tokens ?? '-'),
    display_name ?? '-',
  ]);
  const table = [['ID', 'CONTEXT', 'OUTPUT', 'NAME'], ...rows];
  const widths = [0, 1, 2].map((at) => Math.max(...table.map((row) => cellWidth(row[at] ?? ''))));
  const pad = (cell: string, at: number): string =>
    cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - cellWidth(cell)));
  return table.map((row) => row.map(pad).join('  '));
}
