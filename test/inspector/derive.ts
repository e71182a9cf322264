import { Call } from '../../inspector/src/call/call.js';
import { diagnose } from '../../inspector/src/call/diagnose.js';
import { type Facts, factsOf } from '../../inspector/src/call/facts.js';
import { groupCalls } from '../../inspector/src/call/group-calls.js';
import { RecordedFile } from '../../inspector/src/recording/recorded-file.js';

/** The calls in some files, as the page derives them. */
export function callsIn(files: Readonly<Record<string, string>>): Call[] {
  const recorded = Object.entries(files).map(([name, text]) => {
    const file = new RecordedFile(name);
    file.push(text);
    file.finish();
    if (file.problem !== undefined) throw new Error(`${name}: ${file.problem}`);
    return file;
  });
  return groupCalls(recorded, []);
}

export function only(text: string): Call {
  const [call, ...more] = callsIn({ 'x.jsonl': text });
  if (!(call instanceof Call) || more.length > 0) throw new Error('it is not one call');
  return call;
}

export function told(call: Call): { facts: Facts; sentence: string; oddities: readonly string[] } {
  return { facts: factsOf(call), ...diagnose(call) };
}
