export { causal } from './causal.ts'
export { dropout } from './dropout.ts'
export { padding } from './padding.ts'
export { scaledDot } from './scaled-dot.ts'
