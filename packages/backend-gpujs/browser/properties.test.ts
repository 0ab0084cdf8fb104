import { testPrograms } from '../src/testing/test-programs.test-helper.ts'

testPrograms('webgl2', 10)
