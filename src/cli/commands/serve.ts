import {
  createEmulator,
  type EmulatorOptions,
  type Host,
  parseFaults,
  replayRecordings,
  reply,
} from '../../testing/index.js';
import { type Command, command } from '../command.js';
import { readScript } from '../emulator/script.js';
import { serveUntilStopped } from '../emulator/serve-until-stopped.js';
import { READING_PACE, storyFor } from '../emulator/stories.js';
import { HELP, LISTENING } from '../options/options.js';
import { UsageError } from '../usage-error.js';

export const serveCommand: Command = command({
  summary: 'serve an emulator of the API to clients in any language',
  usage: 'serve [options]',
  about: `Serves an emulator of the Messages API, for a client in any language: one line per request.
Without a script it tells a story of its own. Any API key will do.

A script is a JSON list of replies: texts, lists of content blocks, messages or {"error": 529},
taken in turn and then from the first again. Or it is a JavaScript module whose default export is
what createEmulator() takes.`,
  options: {
    'Where it listens': LISTENING,
    'What it answers': {
      script: { type: 'file', value: 'FILE', help: 'the replies' },
      replay: { type: 'dir', value: 'DIR', help: 'answer from recordings instead' },
      pace: {
        type: 'count',
        value: 'N',
        help: 'tokens a second; without it a story takes its time, and a script takes none',
      },
      faults: {
        type: 'text',
        value: 'SPEC',
        help: 'what goes wrong with each answer, such as cut@120, pause=500@text,crlf, stall@event:3 or random=7; docs/testing.md lists them',
      },
    },
    Other: HELP,
  },
  operands: [],
  examples: [
    `millrace serve --faults stall@text &
  curl -N http://127.0.0.1:8080/v1/messages -H 'x-api-key: test' -H 'anthropic-version: 2023-06-01' \\
    -d '{"model":"claude-opus-4-8","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"Hi"}]}'`,
  ],
  run: async ({ values, operands }, terminal) => {
    if (operands[0] !== undefined) {
      throw new UsageError(`'${operands[0]}' is one too many: serve takes options only`);
    }
    const { port, host } = values;
    return serveUntilStopped(await hostFor(values), { port, host }, terminal);
  },
});

interface Answering {
  script: string | undefined;
  replay: string | undefined;
  faults: string | undefined;
  pace: number | undefined;
}

async function hostFor({ script, replay: dir, faults, pace }: Answering): Promise<Host> {
  if (dir !== undefined) {
    if ((script ?? faults ?? pace) !== undefined) {
      throw new UsageError(
        '--replay plays recordings as they are: leave --script, --faults and --pace out',
      );
    }
    return replayRecordings({ dir }).catch((error: Error) => {
      throw new UsageError(`--replay ${dir}: ${error.message}`);
    });
  }
  const own = {
    ...(faults !== undefined && { faults: faultsIn(faults) }),
    ...(pace !== undefined && { pace: { tokensPerSecond: pace } }),
  };
  if (script === undefined) return createEmulator({ ...STORIES, ...own });
  const options = await readScript(script);
  try {
    return createEmulator({ ...options, ...own });
  } catch (error) {
    throw new UsageError(`--script ${script}: ${(error as Error).message}`);
  }
}

const STORIES: EmulatorOptions = {
  replies: (request) => reply.text(storyFor(request)),
  pace: READING_PACE,
};

function faultsIn(spec: string): EmulatorOptions['faults'] {
  try {
    return parseFaults(spec);
  } catch (error) {
    throw new UsageError(`--faults: ${(error as Error).message}`);
  }
}
