import { expect, it } from 'vitest';
import { mayPrefill } from '../../src/message/may-prefill.js';

it.each<[model: string, may: boolean]>([
  ['claude-2.1', true],
  ['claude-instant-1.2', true],
  ['claude-3-opus-20240229', true],
  ['claude-3-5-sonnet-20241022', true],
  ['claude-3-7-sonnet-latest', true],
  ['claude-sonnet-4-20250514', true],
  ['claude-opus-4-0', true],
  ['claude-opus-4-1-20250805', true],
  ['claude-haiku-4-5', true],
  ['claude-haiku-4-5-20251001', true],
  ['claude-opus-4-6', false],
  ['claude-sonnet-4-6-20260101', false],
  ['claude-opus-4-8', false],
  ['claude-opus-4-10', false],
  ['claude-sonnet-5', false],
  ['claude-sonnet-5-20261001', false],
  ['claude-fable-5-1', false],
  ['claude-opus-12', false],
  ['anthropic.claude-3-5-sonnet-20241022-v2:0', true],
  ['us.anthropic.claude-opus-4-6-v1:0', false],
  ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6', false],
  ['claude-sonnet-4-5@20250929', true],
  ['claude-opus-4-7@20260901', false],
  ['claude-latest', true],
  ['claude-test', true],
  ['our-own-9-9', true],
  ['', true],
])('%s may be prefilled: %s', (model, may) => {
  expect(mayPrefill(model)).toBe(may);
});
