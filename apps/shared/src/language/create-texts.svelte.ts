import { createInstance } from 'i18next'
import { chosenLanguage } from './chosen-language.svelte.ts'

/** Texts by key; one that depends on a number has a form per plural, `key_one` and `key_other`, of which Chinese needs only the last. */
export type Texts = Readonly<Record<string, string>>

type PlainKey<Key> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key
type ChineseTexts<English> = {
  readonly [Key in keyof English as Key extends `${string}_one` ? never : Key]: string
}

/** Gives a text in the chosen language, with `{{name}}` replaced by the value of that name; `count` chooses the plural. */
export type Translate<Key extends string> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string

/**
 * The texts of an app or component, in both languages. Components that call the result follow the chosen language.
 *
 * @example
 * const text = createTexts({ en: { hello: 'Hello {{name}}' }, zh: { hello: '你好，{{name}}' } })
 * text('hello', { name: 'Li' })
 */
export function createTexts<const English extends Texts>(texts: {
  readonly en: English
  readonly zh: ChineseTexts<English>
}): Translate<PlainKey<keyof English & string>> {
  const instance = createInstance({
    resources: { en: { translation: texts.en }, zh: { translation: texts.zh } },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    // Components write texts as text, never as HTML.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  void instance.init()
  return (key, values = {}) => instance.t(key, { ...values, lng: chosenLanguage() })
}
