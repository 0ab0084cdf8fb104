/** The plural of an English noun by the rules of spelling; irregular plurals stand in the lexicon. */
export function regularPlural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}

/** Puts `a` or `an` before words, by the sound of the first: a university, an umbrella. */
export function withArticle(words: string): string {
  const vowelSound = /^[aeiou]/i.test(words) && !/^(uni|use)/i.test(words)
  return `${vowelSound ? 'an' : 'a'} ${words}`
}
