import type { TokenDescription } from '@qkv/pipelines'

/** A token as labels show it: without the blank before a word, and with its bytes where it is part of a character. */
export function tokenLabel({ text, bytes }: Pick<TokenDescription, 'text' | 'bytes'>): string {
  const shown = text.trim() === '' ? '␣' : text.trim()
  if (!bytes) return shown
  return `${shown} ${bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('')}`
}
