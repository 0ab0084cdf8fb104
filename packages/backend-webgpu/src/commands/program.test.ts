import { expect, test } from 'vitest'
import { floatReductions, forEachLine } from '../wgsl/lines.ts'
import { type Program, shaderOf } from './program.ts'

function programOf(body: string): Program {
  return { key: 'test', bindings: [], parameters: [['size', 'u32']], body: () => body }
}

const reducing = programOf(floatReductions(64) + forEachLine(64, '  let total = sumOverLanes(1.0, lane);'))

test('a shader enables what its text uses, before all else', () => {
  expect(shaderOf(reducing, true)).toMatch(/^enable subgroups;\n/)
  expect(shaderOf(programOf('var<workgroup> tile: array<vec4h, 4>;'), true)).toMatch(/^enable f16;\n/)
  expect(shaderOf(programOf('fn nothing() {}'), true)).toMatch(/^struct Parameters/)
})

test('without subgroups, lanes reduce through memory', () => {
  expect(shaderOf(reducing, false)).toMatch(/^struct Parameters/)
  expect(shaderOf(reducing, false)).not.toContain('subgroup')
})
