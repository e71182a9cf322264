import { emulatedError } from '../model/error.js';
import { type Answer, errorAnswer, jsonAnswer } from '../script/answer-reply.js';

/** Those that an emulator lists that was told of none. */
const USUAL = ['claude-fable-5', 'claude-opus-4-8', 'claude-sonnet-4-6', 'claude-haiku-4-5'];

/** The answer to `GET /v1/models` and `GET /v1/models/{id}`. */
export function modelAnswer(
  path: string,
  models: readonly string[] = USUAL,
  requestId: string,
): Answer {
  const id = decodeURIComponent(path.split('/')[3] ?? '');
  if (id === '') return jsonAnswer(list(models), requestId);
  if (models.includes(id)) return jsonAnswer(model(id), requestId);
  return errorAnswer(emulatedError('not_found_error', `model: ${id}`), requestId);
}

function list(models: readonly string[]): object {
  return {
    data: models.map(model),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}

/** @returns `claude-opus-4-8` as `Claude Opus 4.8`. */
function model(id: string): object {
  const words = id.replace(/(\d)-(\d)/g, '$1.$2').split('-');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
  return { type: 'model', id, display_name: name, created_at: '2026-01-01T00:00:00Z' };
}
