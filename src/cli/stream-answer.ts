import type { Anthropic } from '../client.js';
import { AnthropicError } from '../errors.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { MessageStreamParams } from '../wire/params.js';
import { closingLine } from './closing-line.js';
import { dim, type Terminal, write } from './terminal.js';

/** 130 is what shells expect of a program that Ctrl-C ended. */
const EXIT = { done: 0, failed: 1, interrupted: 130 } as const;

/** Streams one answer to stdout and says on stderr how it went. Resolves with the exit code. */
export async function streamAnswer(
  client: Anthropic,
  params: MessageStreamParams,
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr, env } = terminal;
  const since = performance.now();
  let firstToken: number | undefined;
  let code: number = EXIT.done;
  let isPipeBroken = false;
  const stream = client.messages.stream(params);
  const interrupt = (): void => {
    code = EXIT.interrupted;
    stream.close();
  };
  // Whoever reads us may stop, as `head` does. That ends the answer, and is no failure.
  const broken = (): void => {
    isPipeBroken = true;
    stream.close();
  };
  terminal.on('SIGINT', interrupt);
  stdout.on('error', broken);
  const printer = new Printer(terminal);
  try {
    for await (const event of stream) {
      if (event.type === 'content_block_delta') firstToken ??= performance.now() - since;
      if (!json) await printer.print(event);
    }
    if (json) await write(stdout, `${JSON.stringify(await stream.getFinalMessage(), null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof AnthropicError)) throw error;
    if (code === EXIT.done && !isPipeBroken) {
      code = EXIT.failed;
      await printer.end();
      stderr.write(`millrace: ${error.name}: ${error.message}\n`);
    }
  } finally {
    terminal.off('SIGINT', interrupt);
    stdout.off('error', broken);
  }
  if (isPipeBroken) return code;
  await printer.end();
  const timing = { firstToken, total: performance.now() - since };
  const line = closingLine(stream.currentMessageSnapshot, timing, stream.requestId);
  stderr.write(`${dim(line, stderr, env)}\n`);
  return code;
}

/** Writes the text of an answer as it comes, and its thinking where a person looks on. */
class Printer {
  readonly #terminal: Terminal;
  #last = '\n';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async print(event: MessageStreamEvent): Promise<void> {
    if (event.type === 'content_block_stop' && event.content_block.type === 'thinking') {
      if (this.#terminal.stdout.isTTY) await this.#write('\n\n');
    }
    if (event.type !== 'content_block_delta') return;
    const { stdout, env } = this.#terminal;
    if (event.delta.type === 'text_delta') await this.#write(event.delta.text);
    if (event.delta.type === 'thinking_delta' && stdout.isTTY) {
      await this.#write(dim(event.delta.thinking, stdout, env));
    }
  }

  /** Leaves the cursor at the start of a line. */
  async end(): Promise<void> {
    if (!this.#last.endsWith('\n')) await this.#write('\n');
  }

  async #write(text: string): Promise<void> {
    if (text !== '') this.#last = text;
    await write(this.#terminal.stdout, text);
  }
}
