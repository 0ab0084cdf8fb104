export { testAttention, type TestAttentionOptions } from './test-attention.ts'
