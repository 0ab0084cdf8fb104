export { learned } from './learned.ts'
export { sinusoidal } from './sinusoidal.ts'
