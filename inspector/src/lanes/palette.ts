import { shownTheme } from '../theme.js';

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

/** Of each theme: every frame asks for it. */
const palettes = new Map<string, Palette>();

/** The colors of the theme, as the style sheet has them. */
export function readPalette(): Palette {
  const theme = shownTheme();
  const palette = palettes.get(theme) ?? measure();
  palettes.set(theme, palette);
  return palette;
}

/** The style sheet has two colors for each name. Only as the color of an element they are one. */
function measure(): Palette {
  const probe = document.body.appendChild(document.createElement('i'));
  const colors = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(colors) as Palette;
}
