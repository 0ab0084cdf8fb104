import { describe } from 'vitest'
import type { GpujsMode } from './index.ts'
import { testSpecialValues } from './testing/test-special-values.test-helper.ts'

describe.each<GpujsMode>(['webasm', 'cpu'])('%s', (mode) => {
  testSpecialValues(mode)
})
