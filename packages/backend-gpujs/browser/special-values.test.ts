import { describe } from 'vitest'
import type { GpujsMode } from '../src/index.ts'
import { testSpecialValues } from '../src/testing/test-special-values.test-helper.ts'

describe.each<GpujsMode>(['webgl2', 'webgpu'])('%s', (mode) => {
  testSpecialValues(mode)
})
