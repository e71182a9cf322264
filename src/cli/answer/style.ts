/** Ways to show a text on a terminal. */
export interface Style {
  dim(text: string): string;
  bold(text: string): string;
  code(text: string): string;
}

const escaped =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

export const STYLED: Style = { dim: escaped(2, 22), bold: escaped(1, 22), code: escaped(36, 39) };

const same = (text: string): string => text;
export const PLAIN: Style = { dim: same, bold: same, code: same };

/** Whether a person looks on who wants to see more than plain text (https://no-color.org). */
export function isStyled(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function styleFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  return isStyled(stream, env) ? STYLED : PLAIN;
}

/**
 * A text without what a terminal would obey: a model may write, or quote, escape codes that move the
 * cursor or set the title. Line feeds and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/\r(?=\n)/g, '').replace(CONTROL, '\ufffd');
}

const CONTROL = /(?![\n\t])\p{Cc}/gu;
