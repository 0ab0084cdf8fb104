import * as fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { defaultsOf, tasks } from './settings.ts'
import { readSettings, writeSettings } from './settings-in-address.ts'
import { settingsSchema } from './settings-schema.ts'

const settings = fc.record({
  task: fc.constantFrom(...tasks),
  alphabet: fc.constantFrom('digits' as const, 'letters' as const),
  longest: fc.integer({ min: 5, max: 20 }),
  width: fc.integer({ min: 8, max: 512 }),
  heads: fc.integer({ min: 1, max: 16 }),
  layers: fc.integer({ min: 1, max: 6 }),
  attention: fc.uniqueArray(fc.constantFrom('scaled-dot', 'rope', 'alibi', 't5-bias'), { minLength: 1 }),
  backend: fc.constantFrom('cpu', 'reference'),
  learningRate: fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
  tokensPerBatch: fc.integer({ min: 8, max: 8192 }),
  steps: fc.integer({ min: 1, max: 20_000 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

function throughAddress(written: Record<string, string | undefined>): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(written)) if (value !== undefined) parameters.set(name, value)
  return new URLSearchParams(parameters.toString())
}

test('an address gives back the settings that were written into it', () => {
  fc.assert(
    fc.property(settings, (given) => {
      expect(readSettings(throughAddress(writeSettings(given)))).toEqual({ state: given, refused: [] })
    }),
  )
})

test('usual settings leave the address short', () => {
  for (const task of tasks) expect(writeSettings(defaultsOf(task))).toEqual({ task })
})

test('whatever an address says, the settings are within their bounds', () => {
  const names = fc.oneof(fc.constantFrom(...Object.keys(defaultsOf('copy'))), fc.string())
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.string({ unit: 'binary' }))), (entries) => {
      const { state, refused } = readSettings(new URLSearchParams(entries))
      expect(v.is(settingsSchema, state)).toBe(true)
      expect(refused.every((name) => [...name].length <= 31 && !/\p{Cc}/u.test(name))).toBe(true)
    }),
  )
})

test.each([
  ['width', '1e99'],
  ['width', '0x40'],
  ['width', '513'],
  ['heads', '-4'],
  ['seed', '9'.repeat(5000)],
  ['learningRate', 'Infinity'],
  ['learningRate', '0'],
  ['task', '<img src=x onerror=alert(1)>'],
  ['attention', ''],
  ['attention', '../../etc/passwd'],
  ['backend', 'constructor()'],
  ['__proto__', '1'],
  ['toString', '1'],
])('%s=%s is refused by name', (name, value) => {
  const { state, refused } = readSettings(new URLSearchParams([[name, value]]))
  expect(refused).toEqual([name])
  expect(state).toEqual(defaultsOf('reverse'))
})
