import { Anthropic } from '../client.js';
import { env } from '../env.js';
import { createEmulator, type Emulator, reply, serve } from '../testing/index.js';
import { VERSION } from '../version.js';
import type { MessageStreamParams } from '../wire/params.js';
import { type Arguments, HELP, parseArguments, UsageError } from './args.js';
import { readRecording } from './recording.js';
import { serveCommand } from './serve-command.js';
import { storyFor } from './stories.js';
import { streamAnswer } from './stream-answer.js';
import { readPiped, type Terminal } from './terminal.js';

const EXIT_USAGE = 2;

/** The command. Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (argv[0] === 'serve') return await serveCommand(argv.slice(1), terminal);
    const args = parseArguments(argv);
    if (args.help) return say(terminal, HELP);
    if (args.version) return say(terminal, `${VERSION}\n`);
    return await (args.replay === undefined ? ask(args, terminal) : replay(args, terminal));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const called = argv[0] === 'serve' ? 'millrace serve' : 'millrace';
    terminal.stderr.write(`millrace: ${error.message}\n${called} --help shows how to call it.\n`);
    return EXIT_USAGE;
  }
}

function say({ stdout }: Terminal, text: string): number {
  stdout.write(text);
  return 0;
}

async function ask(args: Arguments, terminal: Terminal): Promise<number> {
  const piped = await readPiped(terminal.stdin);
  const prompt = [args.prompt, piped.trim()].filter((text) => text !== '').join('\n\n');
  if (prompt === '') {
    throw new UsageError('there is no prompt: write millrace "your question", or pipe one in');
  }
  const isKeyless =
    env('ANTHROPIC_API_KEY') === undefined && env('ANTHROPIC_AUTH_TOKEN') === undefined;
  if (!isKeyless || args.baseURL !== undefined) {
    const client = new Anthropic({
      baseURL: args.baseURL,
      ...(isKeyless ? { apiKey: 'none' } : {}),
    });
    return streamAnswer(client, params(args, prompt), args.json, terminal);
  }
  terminal.stderr.write(
    'millrace: there is no ANTHROPIC_API_KEY, so the built-in emulator answers with a story of ours\n',
  );
  const stories = createEmulator({ replies: (request) => reply.text(storyFor(request)) });
  return withServer(stories, (client) =>
    streamAnswer(client, params(args, prompt), args.json, terminal),
  );
}

/** Plays a recording through a real server and the real client, each of its streams in turn. */
async function replay(args: Arguments, terminal: Terminal): Promise<number> {
  const streams = await readRecording(args.replay ?? '');
  const emulator = createEmulator({ replies: streams.map((events) => reply.events(events)) });
  return withServer(emulator, async (client) => {
    for (const _ of streams) {
      const code = await streamAnswer(client, params(args, 'replay'), args.json, terminal);
      if (code !== 0) return code;
    }
    return 0;
  });
}

/** A real server on loopback, and a client of it: nothing on the way to the answer is made up. */
async function withServer(
  emulator: Emulator,
  use: (client: Anthropic) => Promise<number>,
): Promise<number> {
  const server = await serve(emulator);
  try {
    return await use(new Anthropic({ baseURL: server.url, apiKey: 'emulator', maxRetries: 0 }));
  } finally {
    await server.close();
  }
}

function params(args: Arguments, prompt: string): MessageStreamParams {
  return {
    model: args.model,
    max_tokens: args.maxTokens,
    messages: [{ role: 'user', content: prompt }],
    ...(args.system === undefined ? {} : { system: args.system }),
    ...(args.temperature === undefined ? {} : { temperature: args.temperature }),
    ...(args.thinking ? { thinking: { type: 'adaptive' } } : {}),
  };
}
