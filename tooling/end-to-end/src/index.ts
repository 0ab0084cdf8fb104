export { expect, type Page, type Route, test } from './fixtures.ts'
export { chooseLanguage, chooseTheme, languages } from './choose.ts'
export { addressOf } from './address-of.ts'
