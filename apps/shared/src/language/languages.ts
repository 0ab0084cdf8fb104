/** What the apps speak, each named in itself. */
export const languages = { en: 'English', zh: '中文' } as const

export type Language = keyof typeof languages

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(languages, value)
}
