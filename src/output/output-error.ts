import { AnthropicError, type ErrorContext } from '../errors.js';
import { describeIssue } from '../schema/issues.js';
import type { SchemaIssue } from '../schema/standard-schema.js';

/**
 * A message is complete, but its text isn't the output that `output_config.format` asked for. The whole
 * message is `partialMessage`.
 */
export class OutputError extends AnthropicError {
  /** @internal */
  override get name(): string {
    return 'OutputError';
  }

  /** All text of the message, as received. */
  declare readonly text: string;
  /** What doesn't fit, and where; empty where the model did not finish the output. */
  readonly issues: readonly SchemaIssue[];

  constructor(reason: string, text: string, { issues = [], ...context }: OutputErrorDetails = {}) {
    super(withIssues(reason, issues), context);
    this.issues = issues;
    // Not enumerable: printing an error must not print a whole response.
    Object.defineProperty(this, 'text', { value: text });
  }
}

/** Details of an OutputError. */
export interface OutputErrorDetails extends ErrorContext {
  /** What doesn't fit. Default: none. */
  issues?: readonly SchemaIssue[];
  cause?: unknown;
}

function withIssues(reason: string, issues: readonly SchemaIssue[]): string {
  if (issues.length === 0) return reason;
  return `${reason}: ${issues.map(describeIssue).join('; ')}`;
}
