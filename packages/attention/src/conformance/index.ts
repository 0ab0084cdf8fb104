export { testAttention, type TestAttentionOptions } from './test-attention.ts'
export { type Idea, testIdea, type TestIdeaOptions } from './test-idea.ts'
export { type MaskCase, type MaskPlace, type MaskVectors, testMask } from './test-mask.ts'
