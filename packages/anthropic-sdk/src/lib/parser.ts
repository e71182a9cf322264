import type { Anthropic as Core } from 'millrace';
import { AnthropicError } from '../core/error.js';

/** `output_config.format` of `zodOutputFormat()` and the like: it parses what the model wrote. */
export type AutoParseableOutputFormat<ParsedT> = Core.JSONOutputFormat & {
  parse(content: string): ParsedT;
};

/** What `output_config.format` may be. */
// biome-ignore lint/suspicious/noExplicitAny: what it parses is inferred from it.
export type Format = Core.JSONOutputFormat | AutoParseableOutputFormat<any> | null | undefined;

/** What a format parses; null where it does not. */
export type ParsedOf<F> = F extends AutoParseableOutputFormat<infer Parsed> ? Parsed : null;

/** A message with what its format made of its text. */
export type ParsedMessage<ParsedT, M extends { content: unknown[] } = Core.Message> = M & {
  content: Array<ParsedContentBlock<ParsedT, M['content'][number]>>;
  parsed_output: ParsedT | null;
};

export type ParsedContentBlock<ParsedT, B = Core.ContentBlock> =
  | (Core.TextBlock & { parsed_output: ParsedT | null })
  | Exclude<B, Core.TextBlock>;

/** Params with a format that parses. */
export type ParseableMessageCreateParams = Omit<Core.MessageCreateParams, 'output_config'> & {
  output_config?: (Omit<Core.OutputConfig, 'format'> & { format?: Format }) | null | undefined;
};

export type ExtractParsedContentFromParams<P> = P extends { output_config: { format: infer F } }
  ? ParsedOf<F>
  : null;

interface Unparsed {
  content: readonly { type: string; text?: string }[];
}

/** Where the use of a deprecated name is reported. */
interface ParseOptions {
  logger?: { warn(message: string): void };
}

/**
 * A message with `parsed_output`: of its first text on the message, of each text on its block, where it is
 * not enumerable, so that the message can be sent back. A block has it as `parsed` too, its older name.
 * @throws AnthropicError where a text does not fit the format.
 */
export function parseMessage<T>(
  message: object,
  params: object | null,
  { logger }: ParseOptions = {},
): T {
  const format = formatIn(params);
  let output: unknown = null;
  const content = (message as Unparsed).content.map((block) => {
    if (block.type !== 'text') return block;
    const value = format ? parseText(format, block.text ?? '') : null;
    output ??= value;
    const parsed = (): unknown => {
      logger?.warn(DEPRECATED);
      return value;
    };
    return Object.defineProperties(
      { ...block },
      { parsed_output: { value }, parsed: { get: parsed } },
    );
  });
  return { ...message, content, parsed_output: output } as T;
}

const DEPRECATED =
  'The `parsed` property on `text` blocks is deprecated, please use `parsed_output` instead.';

/** The same; without a format nothing is parsed, and `parsed_output` is null. */
export const maybeParseMessage: typeof parseMessage = parseMessage;

/** The format in `output_config`, or in the deprecated param `output_format`. */
function formatIn(params: object | null): { parse(content: string): unknown } | undefined {
  const { output_config, output_format } = (params ?? {}) as {
    output_config?: { format?: { parse?: unknown } } | null;
    output_format?: { parse?: unknown } | null;
  };
  const format = output_format ?? output_config?.format;
  return typeof format?.parse === 'function'
    ? (format as { parse(text: string): unknown })
    : undefined;
}

function parseText(format: { parse(content: string): unknown }, text: string): unknown {
  try {
    return format.parse(text);
  } catch (cause) {
    if (cause instanceof AnthropicError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new AnthropicError(`Failed to parse structured output: ${reason}`), {
      cause,
    });
  }
}
