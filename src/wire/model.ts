import type { OpenString } from './open.js';

/** A model's name or alias. The names listed here are suggestions; the API decides. */
export type Model = OpenString<
  | 'claude-fable-5-2'
  | 'claude-fable-5'
  | 'claude-opus-5-5'
  | 'claude-opus-4-8'
  | 'claude-sonnet-5-5'
  | 'claude-sonnet-4-6'
  | 'claude-sonnet-4-5'
  | 'claude-haiku-5-5'
  | 'claude-haiku-4-5'
>;
