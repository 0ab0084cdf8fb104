/** From which language into which. */
export const directions = ['zh-en', 'en-zh'] as const

export type Direction = (typeof directions)[number]
export type SpokenLanguage = 'zh' | 'en'

/** The languages of a direction. */
export function languagesOf(direction: Direction): {
  readonly source: SpokenLanguage
  readonly target: SpokenLanguage
} {
  return direction === 'zh-en' ? { source: 'zh', target: 'en' } : { source: 'en', target: 'zh' }
}

/** The way back. */
export function reverseOf(direction: Direction): Direction {
  return direction === 'zh-en' ? 'en-zh' : 'zh-en'
}
