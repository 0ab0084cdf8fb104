import type { Pair } from '../../text/pair.ts'
import { computing } from './computing.ts'
import { everyday } from './everyday.ts'
import { family } from './family.ts'
import { feelings } from './feelings.ts'
import { food } from './food.ts'
import { greetings } from './greetings.ts'
import { health } from './health.ts'
import { numbers } from './numbers.ts'
import { school } from './school.ts'
import { timePhrases } from './time-phrases.ts'
import { travel } from './travel.ts'
import { weatherPhrases } from './weather-phrases.ts'

/** The hand-written phrases of all subjects. */
export const phrases: readonly Pair[] = [
  ...greetings,
  ...food,
  ...travel,
  ...weatherPhrases,
  ...family,
  ...school,
  ...numbers,
  ...timePhrases,
  ...computing,
  ...feelings,
  ...health,
  ...everyday,
].map(({ chinese, english }) => ({ source: chinese, target: english }))
