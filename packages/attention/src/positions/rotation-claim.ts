/** What parts claim that turn queries and keys by their positions: a second turn would count every distance twice. */
export const rotationClaim = { rotation: 'turns queries and keys by position' }
