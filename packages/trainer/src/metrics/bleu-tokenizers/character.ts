import { splitWords } from '../white-space.ts'

/** Each character is a token; white space is none. */
export function tokenizeCharacters(text: string): string[] {
  return splitWords([...text].join(' '))
}
