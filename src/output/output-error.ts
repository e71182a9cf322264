import { AnthropicError, type ErrorContext } from '../errors.js';
import { describeIssue } from '../schema/issues.js';
import type { SchemaIssue } from '../schema/standard-schema.js';

/**
 * A message came, and its text is not the output that `output_config.format` asked for. The message is
 * `partialMessage`, whole.
 */
export class OutputError extends AnthropicError {
  static {
    OutputError.prototype.name = 'OutputError';
  }

  /** All text of the message, as it came. */
  declare readonly text: string;
  /** What does not fit, and where; empty where the model did not finish the output. */
  readonly issues: readonly SchemaIssue[];

  constructor(reason: string, text: string, { issues = [], ...context }: OutputErrorDetails = {}) {
    super(withIssues(reason, issues), context);
    this.issues = issues;
    // Not enumerable: printing an error must not print an answer.
    Object.defineProperty(this, 'text', { value: text });
  }
}

/** What an OutputError may carry. */
export interface OutputErrorDetails extends ErrorContext {
  /** What does not fit. Default: none. */
  issues?: readonly SchemaIssue[];
  cause?: unknown;
}

function withIssues(reason: string, issues: readonly SchemaIssue[]): string {
  if (issues.length === 0) return reason;
  return `${reason}: ${issues.map(describeIssue).join('; ')}`;
}
