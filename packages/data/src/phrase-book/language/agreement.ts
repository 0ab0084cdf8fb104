import type { Person, Subject } from '../lexicon/people.ts'
import { pronouns } from '../lexicon/people.ts'
import type { Verb } from './verb.ts'

/** am, are, is */
export function be(subject: Subject): string {
  return { I: 'am', singular: 'is', plural: 'are' }[subject.agreement]
}

/** was, were */
export function was(subject: Subject): string {
  return subject.agreement === 'plural' ? 'were' : 'was'
}

/** have, has */
export function have(subject: Subject): string {
  return subject.agreement === 'singular' ? 'has' : 'have'
}

/** do, does */
export function does(subject: Subject): string {
  return subject.agreement === 'singular' ? 'does' : 'do'
}

/** The simple present: I eat, she eats. */
export function present(subject: Subject, verb: Verb): string {
  return subject.agreement === 'singular' ? verb.third : verb.base
}

/** The same person as a later clause speaks of them: 他, he, for 汤姆. */
export function again(person: Person): Person {
  return pronouns.find(({ chinese }) => chinese === person.pronoun.chinese) ?? person
}
