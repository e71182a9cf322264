/** How text is shown on a terminal. */
export interface Style {
  dim(text: string): string;
  bold(text: string): string;
  code(text: string): string;
}

const wrapInCodes =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

export const STYLED: Style = {
  dim: wrapInCodes(2, 22),
  bold: wrapInCodes(1, 22),
  code: wrapInCodes(36, 39),
};

const keep = (text: string): string => text;
export const PLAIN: Style = { dim: keep, bold: keep, code: keep };

/** Whether a stream is a terminal that shows more than plain text (https://no-color.org). */
export function isStyled(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function getStyle(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  return isStyled(stream, env) ? STYLED : PLAIN;
}

/**
 * Replaces the characters that a terminal executes: a model can write, or quote, escape codes that move
 * the cursor or set the title. Line feeds and tabs stay.
 */
export function replaceControls(text: string): string {
  return text.replace(/\r(?=\n)/g, '').replace(CONTROL, '\ufffd');
}

const CONTROL = /(?![\n\t])\p{Cc}/gu;
