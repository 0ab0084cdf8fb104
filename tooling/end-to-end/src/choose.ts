import type { Page } from '@playwright/test'

export const languages = ['en', 'zh'] as const

/** Switches the texts of an open page. */
export async function chooseLanguage(page: Page, language: 'en' | 'zh'): Promise<void> {
  await page.getByLabel(/^(Language|语言)$/).selectOption(language)
}

/** Switches the colours of an open page. */
export async function chooseTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.getByLabel(/^(Theme|主题)$/).selectOption(theme)
}
