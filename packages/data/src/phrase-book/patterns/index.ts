import type { Pattern } from '../pattern.ts'
import { activity } from './activity.ts'
import { baAndBei } from './ba-and-bei.ts'
import { being } from './being.ts'
import { calendar } from './calendar.ts'
import { clauses } from './clauses.ts'
import { comparison } from './comparison.ts'
import { experience } from './experience.ts'
import { giving } from './giving.ts'
import { having } from './having.ts'
import { nounPhrases } from './noun-phrases.ts'
import { place } from './place.ts'
import { questions } from './questions.ts'
import { study } from './study.ts'
import { weather } from './weather.ts'
import { wish } from './wish.ts'

/** All kinds of sentences that the phrase book knows. */
export const patterns: readonly Pattern[] = [
  ...being,
  ...comparison,
  ...having,
  ...place,
  ...activity,
  ...wish,
  ...experience,
  ...questions,
  ...giving,
  ...baAndBei,
  ...clauses,
  ...calendar,
  ...weather,
  ...study,
  ...nounPhrases,
]
