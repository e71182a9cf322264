import { UsageError } from '../usage-error.js';
import { extractView } from './extract-view.js';
import { jsonlView, jsonView, outputView } from './json-views.js';
import { textView } from './text-view.js';
import type { ViewFactory } from './view.js';

const FORMATS: Readonly<Record<string, ViewFactory>> = {
  json: jsonView,
  jsonl: jsonlView,
  extract: extractView,
};

/**
 * The view that the options select; text without any of them.
 * @throws UsageError if they select several.
 */
export function selectView(
  values: {
    readonly [format in keyof typeof FORMATS | 'schema']?: unknown;
  },
): ViewFactory {
  const selected = Object.keys(FORMATS).filter((format) => values[format] === true);
  if (selected.length > 1) {
    throw new UsageError(`choose one of ${selected.map((format) => `--${format}`).join(' and ')}`);
  }
  return FORMATS[selected[0] ?? ''] ?? (values.schema === undefined ? textView : outputView);
}
