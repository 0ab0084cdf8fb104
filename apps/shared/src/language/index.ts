export { isLanguage, type Language, languages } from './languages.ts'
export { chosenLanguage, chooseLanguage } from './chosen-language.svelte.ts'
export { createTexts, type Texts, type Translate } from './create-texts.svelte.ts'
