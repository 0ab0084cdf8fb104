export { expect, type Page, test } from './fixtures.ts'
export { chooseLanguage, chooseTheme, languages } from './choose.ts'
export { addressOf } from './address-of.ts'
