import { isLanguage, type Language } from './languages.ts'

const key = 'qkv-language'

let chosen = $state<Language>(firstChoice())

/** The language of the page: what was chosen last, else what the browser asks for. Reading it in a component follows changes. */
export function chosenLanguage(): Language {
  return chosen
}

/** Switches all texts of the page, without a reload, and remembers the choice. */
export function chooseLanguage(language: Language): void {
  chosen = language
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en'
  try {
    localStorage.setItem(key, language)
  } catch {
    // A page without storage asks again next time.
  }
}

function firstChoice(): Language {
  let stored: string | null = null
  try {
    stored = localStorage.getItem(key)
  } catch {
    // As above.
  }
  const language = isLanguage(stored) ? stored : navigator.language.startsWith('zh') ? 'zh' : 'en'
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en'
  return language
}
