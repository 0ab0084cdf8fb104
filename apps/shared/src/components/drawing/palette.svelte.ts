import { MediaQuery } from 'svelte/reactivity'
import { chosenTheme } from '../../theme/index.ts'

/** The colours of drawings: canvases cannot read those of the style sheet. */
export interface Palette {
  readonly surface: string
  readonly line: string
  readonly text: string
  readonly textQuiet: string
  /** Of the lines of a plot; each differs from its neighbours in lightness too. */
  readonly series: readonly string[]
  /** From nothing to all. */
  readonly sequential: readonly string[]
  /** From the most negative over zero to the most positive. */
  readonly diverging: readonly string[]
}

const light: Palette = {
  surface: '#ffffff',
  line: '#d5dae1',
  text: '#1b1f26',
  textQuiet: '#566070',
  series: ['#0b5cad', '#b3560b', '#5c8a1f', '#7a3fa0'],
  sequential: ['#f1f5fa', '#a9cdf0', '#4a90d2', '#11559f', '#0a2a54'],
  diverging: ['#7d3600', '#dd8a3c', '#f6f4f1', '#4a90d2', '#0a3c78'],
}

const dark: Palette = {
  surface: '#14171c',
  line: '#343b46',
  text: '#e8ebf0',
  textQuiet: '#a4aebd',
  series: ['#7cb8ff', '#ffb65c', '#b4dd7a', '#d3a4f2'],
  sequential: ['#1b2028', '#1e4d7d', '#3c86c8', '#8fc6fb', '#f0f8ff'],
  diverging: ['#ffd3a1', '#c9772b', '#1f242c', '#3c86c8', '#cfe7ff'],
}

const prefersDark = new MediaQuery('prefers-color-scheme: dark')

/** The colours of the theme that is shown; reading them in a component follows changes. */
export function palette(): Palette {
  const theme = chosenTheme()
  return theme === 'dark' || (theme === 'system' && prefersDark.current) ? dark : light
}
