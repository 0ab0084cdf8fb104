import type { Action } from '../lexicon/actions.ts'
import type { Subject } from '../lexicon/people.ts'
import type { VerbForm } from './verb.ts'

/** An action in a form of its verb: takes a walk, taking a walk. */
export function inflect(action: Action, form: VerbForm): string {
  return action.verb[form] + action.rest
}

/** An action in the simple present: I take a walk, she takes a walk. */
export function acts(subject: Subject, action: Action): string {
  return inflect(action, subject.agreement === 'singular' ? 'third' : 'base')
}
