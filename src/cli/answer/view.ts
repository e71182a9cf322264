import type { Message, MessageStreamEvent } from '../../index.js';
import { UsageError } from '../usage-error.js';
import { extractView } from './extract-view.js';
import { jsonlView, jsonView } from './json-views.js';
import type { Output } from './output.js';
import { textView } from './text-view.js';

/** How an answer looks on stdout. */
export interface View {
  event?(event: MessageStreamEvent): Promise<void> | undefined;
  /**
   * The answer has ended, in whatever way.
   * @param message what there is of it.
   * @returns what is wrong with it, where it is not what was asked for.
   */
  end?(message: Message | undefined): Promise<Unfit | undefined>;
}

/** An answer that came, but is not what was asked for. */
export interface Unfit {
  code: number;
  message: string;
}

export type ViewMaker = (output: Output) => View;

const FORMS: Readonly<Record<string, ViewMaker>> = {
  json: jsonView,
  jsonl: jsonlView,
  extract: extractView,
};

/**
 * The view that the options ask for.
 * @throws UsageError where they ask for several.
 */
export function viewFor(values: { readonly [form in keyof typeof FORMS]?: unknown }): ViewMaker {
  const asked = Object.keys(FORMS).filter((form) => values[form] === true);
  if (asked.length > 1) {
    throw new UsageError(`give one of ${asked.map((form) => `--${form}`).join(' and ')}`);
  }
  return FORMS[asked[0] ?? ''] ?? textView;
}
