import {
  type Anthropic,
  AnthropicError,
  APIStatusError,
  type Message,
  toMessageParam,
} from 'millrace';

type Turn = Parameters<Anthropic['messages']['stream']>[0]['messages'][number];

/** What the chat shows of one answer. */
export interface Answer {
  text: string;
  /** `interrupted`: a part came. `busy`: nothing did, and it may be asked again. */
  outcome: 'complete' | 'interrupted' | 'busy';
}

/** What the model may call: gets the input, gives the result. */
export type Tools = Readonly<Record<string, (input: unknown) => string>>;

/** A small chat: remembers what was said, runs tools, and shows what came of an answer that broke. */
export class Chat {
  readonly turns: Turn[] = [];
  readonly #client: Anthropic;
  readonly #tools: Tools;

  constructor(client: Anthropic, tools: Tools = {}) {
    this.#client = client;
    this.#tools = tools;
  }

  /** @param onText is called with each piece of text as it comes. */
  async say(text: string, onText: (piece: string) => void = () => {}): Promise<Answer> {
    this.turns.push({ role: 'user', content: text });
    let shown = '';
    try {
      for (;;) {
        const stream = this.#client.messages.stream({
          model: 'claude-opus-4-8',
          max_tokens: 1024,
          messages: this.turns,
          tools: Object.keys(this.#tools).map((name) => ({
            name,
            input_schema: { type: 'object' },
          })),
        });
        for await (const piece of stream.textStream) {
          shown += piece;
          onText(piece);
        }
        const message = await stream.getFinalMessage();
        this.turns.push(toMessageParam(message));
        if (message.stop_reason !== 'tool_use') return { text: shown, outcome: 'complete' };
        this.turns.push(this.#results(message));
      }
    } catch (error) {
      if (!(error instanceof AnthropicError)) throw error;
      if (shown !== '') return { text: shown, outcome: 'interrupted' };
      if (error instanceof APIStatusError && error.retryable) return { text: '', outcome: 'busy' };
      throw error;
    }
  }

  #results({ content }: Message): Turn {
    const calls = content.filter((block) => block.type === 'tool_use');
    return {
      role: 'user',
      content: calls.map(({ id, name, input }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: this.#tools[name]?.(input) ?? 'there is no such tool',
      })),
    };
  }
}
