import type { RotaryPairing } from './rotate.ts'

/** What parts claim that turn queries and keys by their positions: a second turn would count every distance twice. */
export const rotationClaim = { rotation: 'turns queries and keys by position' }

/** What parts claim for which the two halves of a head are two things, or one that cannot be split. */
export const halvesClaim = {
  halves: "works on the two halves of a head together (parts that turn need not: pairing 'neighbors')",
}

/** What a part claims that turns columns in pairs. */
export function claimsOf(pairing: RotaryPairing): Readonly<Record<string, string>> {
  return pairing === 'halves' ? { ...rotationClaim, ...halvesClaim } : rotationClaim
}
