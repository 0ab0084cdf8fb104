export { alibi } from './alibi.ts'
export { learned } from './learned.ts'
export { rope } from './rope.ts'
export { sinusoidal } from './sinusoidal.ts'
