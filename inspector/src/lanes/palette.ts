const NAMES = [
  'text',
  'dim',
  'line',
  'lane',
  'accent',
  'good',
  'bad',
  'warn',
  'block-text',
  'block-thinking',
  'block-tool',
  'block-result',
] as const;

export type Color = (typeof NAMES)[number];

export type Palette = Readonly<Record<Color, string>>;

/** The colors of the theme, as the style sheet has them. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Palette;
}
