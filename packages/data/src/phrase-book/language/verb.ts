/** The forms of an English verb. */
export interface Verb {
  readonly base: string
  /** he, she, it: eats */
  readonly third: string
  readonly past: string
  /** has eaten */
  readonly participle: string
  /** is eating */
  readonly progressive: string
}

/** A form of a verb by name. */
export type VerbForm = keyof Verb

/** Makes a verb from its irregular forms; what is not given follows the rules of spelling. */
export function verb(base: string, irregular: Partial<Verb> = {}): Verb {
  const past = irregular.past ?? regularPast(base)
  return {
    base,
    third: regularThird(base),
    past,
    participle: past,
    progressive: regularProgressive(base),
    ...irregular,
  }
}

function regularThird(base: string): string {
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ies`
  return /(s|x|z|ch|sh|o)$/.test(base) ? `${base}es` : `${base}s`
}

function regularPast(base: string): string {
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ied`
  return base.endsWith('e') ? `${base}d` : `${base}ed`
}

function regularProgressive(base: string): string {
  if (base.endsWith('ie')) return `${base.slice(0, -2)}ying`
  return /[^e]e$/.test(base) ? `${base.slice(0, -1)}ing` : `${base}ing`
}
