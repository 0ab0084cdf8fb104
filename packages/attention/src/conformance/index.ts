export { completeParts } from '../complete-parts.ts'
export { sampleSideOf } from '../sample-side.ts'
export { testAttention, type TestAttentionOptions, type TestedBackend } from './test-attention.ts'
export { type Idea, testIdea, type TestIdeaOptions } from './test-idea.ts'
