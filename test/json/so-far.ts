const TOKENS = /"(?:[^"\\]|\\.?)*"?|[[\]{}:,]|[^\s[\]{}:,"]+/gs;
const KNOWN = /^"(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*/;

/**
 * The oracle: what a stream is to show of the first part of a document. It repairs the part into a
 * document - without what is unfinished, with the brackets closed - and has JSON.parse read that.
 */
export function soFar(part: string): unknown {
  const tokens: string[] = part.match(TOKENS) ?? [];
  const closing = closingBrackets(tokens);
  const last = tokens.at(-1) ?? '';
  if (last.startsWith('"')) {
    const isKey = closing.startsWith('}') && tokens.at(-2) !== ':';
    tokens.splice(-1, 1, ...(isKey ? [] : [asFarAsKnown(last)]));
  } else if (/[\w+.-]$/.test(part) && !/^(?:true|false|null)$/.test(last)) {
    tokens.pop();
  }
  if (tokens.at(-1) === ':') tokens.splice(-2);
  if (tokens.at(-1) === ',') tokens.pop();
  return tokens.length === 0 ? undefined : JSON.parse(tokens.join('') + closing);
}

function closingBrackets(tokens: readonly string[]): string {
  let closing = '';
  for (const token of tokens) {
    if (token === '[' || token === '{') closing = (token === '[' ? ']' : '}') + closing;
    else if (token === ']' || token === '}') closing = closing.slice(1);
  }
  return closing;
}

function asFarAsKnown(string: string): string {
  const known = KNOWN.exec(string)?.[0] ?? '';
  if (known.length === string.length - 1 && string.endsWith('"')) return string;
  const value = JSON.parse(`${known}"`) as string;
  return JSON.stringify(value.replace(/[\ud800-\udbff]$/, ''));
}
