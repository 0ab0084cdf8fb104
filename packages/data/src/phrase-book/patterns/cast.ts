import { family, me, names, pronouns, roles, they, we, you } from '../lexicon/people.ts'
import type { Person, Subject } from '../lexicon/people.ts'
import type { Choose } from '../pattern.ts'

// Pronouns are drawn more often than their number, as in speech.
const people: readonly (readonly Person[])[] = [pronouns, pronouns, names, family]

/** A person: pronoun, name or relative. */
export function person(choose: Choose): Person {
  return choose.one(choose.one(people))
}

/** Anybody, also people known by what they do. */
export function somebody(choose: Choose): Subject {
  return choose.number(1, 7) === 1 ? choose.one(roles) : person(choose)
}

/** Somebody a question can be about: one does not ask others about oneself and one's own family. */
export function other(choose: Choose): Person {
  let chosen = person(choose)
  while (chosen.chinese.startsWith(me.chinese)) chosen = person(choose)
  return chosen
}

/** One person, not several. */
export function single(choose: Choose): Person {
  let chosen = person(choose)
  while (chosen === we || chosen === they) chosen = person(choose)
  return chosen
}

/** Somebody who is neither speaker nor listener. */
export function third(choose: Choose): Person {
  let chosen = person(choose)
  while (chosen === me || chosen === we || chosen === you) chosen = person(choose)
  return chosen
}

/** Somebody young enough to ask what they want to become. */
export function young(choose: Choose): Person {
  let chosen = person(choose)
  while (chosen.youngest > 20) chosen = person(choose)
  return chosen
}

/** Two people of whom one can do something to the other: neither is, holds or belongs to the other. */
export function twoPeople(choose: Choose): [Person, Person] {
  const first = person(choose)
  let second = person(choose)
  while (overlap(first, second)) second = person(choose)
  return [first, second]
}

function overlap(first: Person, second: Person): boolean {
  if (first === second) return true
  const both = [first, second]
  const speaker = both.includes(me) && both.includes(we)
  const group = both.includes(they) && both.some(({ own }) => own === 'his' || own === 'her')
  const youAndWe = both.includes(you) && both.includes(we)
  return speaker || group || youAndWe
}
