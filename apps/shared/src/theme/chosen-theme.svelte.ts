/** `system` follows what the browser prefers. */
export const themes = ['system', 'light', 'dark'] as const

export type Theme = (typeof themes)[number]

const key = 'qkv-theme'

let chosen = $state<Theme>('system')

/** The chosen theme; reading it in a component follows changes. */
export function chosenTheme(): Theme {
  return chosen
}

/** Paints the page in a theme, and remembers it. */
export function chooseTheme(theme: Theme): void {
  chosen = theme
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    localStorage.setItem(key, theme)
  } catch {
    // A page without storage asks again next time.
  }
}

function restore(): void {
  try {
    const stored = themes.find((theme) => theme === localStorage.getItem(key))
    if (stored !== undefined) chooseTheme(stored)
  } catch {
    // As above.
  }
}

restore()
