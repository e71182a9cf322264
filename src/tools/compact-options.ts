import { isPlain, type OptionCheck } from '../check-options.js';
import { AnthropicError } from '../errors.js';

/** When and how a run replaces its conversation with a summary. */
export interface CompactOptions {
  /** In tokens: a request and its response with more than that are followed by a compaction. */
  above: number;
  /** What to ask the model for. Default: a summary to continue from. */
  prompt?: string | undefined;
  /** The model that writes the summary. Default: that of the run. */
  model?: string | undefined;
  /** The limit of the summary. Default: that of the run. */
  max_tokens?: number | undefined;
}

const KNOWN: ReadonlySet<string> = new Set(['above', 'prompt', 'model', 'max_tokens']);

/** The check of the option `compact`. */
export const aCompaction: OptionCheck = (value, name) => {
  const advice = 'write { above: 100_000 }, in tokens; prompt, model and max_tokens may be added';
  const { above } = (value ?? {}) as { above?: unknown };
  const isGood =
    isPlain(value) &&
    typeof above === 'number' &&
    above > 0 &&
    Object.keys(value).every((key) => KNOWN.has(key));
  if (!isGood) throw new AnthropicError(`${name} is no way to compact a conversation: ${advice}`);
};
