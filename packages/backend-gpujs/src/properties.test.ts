import { testPrograms } from './testing/test-programs.test-helper.ts'

testPrograms('webasm', 25)
