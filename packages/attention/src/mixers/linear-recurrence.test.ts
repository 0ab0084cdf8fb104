import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleValues } from '../conformance/sample-values.ts'
import { columnRecurrence } from './column-recurrence.ts'
import { deltaRecurrence, type DeltaRecurrenceInputs } from './delta-recurrence.ts'
import { linearRecurrence } from './linear-recurrence.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const [batch, heads, keySize, valueSize] = [2, 3, 4, 2]

interface Case {
  readonly length: number
  /** Numbers of decay per position, `undefined` for none. */
  readonly decays?: number
  readonly delta?: boolean
  readonly state?: boolean
  /** How fast it fades. */
  readonly speed?: number
}

function tensorsOf({ length, decays, state, speed = 1 }: Case): DeltaRecurrenceInputs {
  const make = (shape: readonly number[], seed: number, map: (x: number) => number = (x) => x): Tensor =>
    device.tensor(
      sampleValues(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ).map(map),
      { shape },
    )
  const lead = [batch, heads, length]
  const fades = (x: number): number => -speed * (x + 1)
  return {
    query: make([...lead, keySize], 1),
    key: make([...lead, keySize], 7, (x) => x / 2),
    value: make([...lead, valueSize], 3),
    beta: make(lead, 5, (x) => (x + 1) / 2),
    ...(decays !== undefined && { logDecay: make(decays === 1 ? lead : [...lead, decays], 4, fades) }),
    ...(state && { state: make([batch, heads, keySize, valueSize], 6) }),
  }
}

/** The recurrences position by position, from their formulas. */
function byLoops(inputs: DeltaRecurrenceInputs, { length, decays = 0, delta }: Case): [number[], number[]] {
  const [q, k, v, b] = [inputs.query, inputs.key, inputs.value, inputs.beta].map((x) => x.readSync())
  const g = inputs.logDecay?.readSync()
  const states = Array.from(inputs.state?.readSync() ?? new Float64Array(batch * heads * keySize * valueSize))
  const outputs: number[] = []
  for (let head = 0; head < batch * heads; head++) {
    const at = (row: number, column: number): number => (head * keySize + row) * valueSize + column
    for (let position = head * length; position < (head + 1) * length; position++) {
      for (let column = 0; column < valueSize; column++) {
        let held = 0
        for (let row = 0; row < keySize; row++) {
          if (g) states[at(row, column)]! *= Math.exp(g[position * decays + (decays === 1 ? 0 : row)]!)
          held += k![position * keySize + row]! * states[at(row, column)]!
        }
        const value = v![position * valueSize + column]!
        const added = delta ? b![position]! * (value - held) : value
        let output = 0
        for (let row = 0; row < keySize; row++) {
          states[at(row, column)]! += k![position * keySize + row]! * added
          output += q![position * keySize + row]! * states[at(row, column)]!
        }
        outputs.push(output)
      }
    }
  }
  return [outputs, states]
}

const lengths = [1, 2, 15, 16, 17, 63, 64, 65, 129]

test.each<Case>(
  lengths.flatMap((length) =>
    [false, true].flatMap((state): Case[] => [
      { length, state },
      { length, state, decays: 1 },
      { length, state, decays: 1, speed: 400 },
      { length, state, decays: keySize },
      { length, state, decays: keySize, speed: 400 },
      { length, state, delta: true },
      { length, state, delta: true, decays: 1 },
    ]),
  ),
)('chunks equal plain loops: %o', (options) => {
  device.scoped(() => {
    const inputs = tensorsOf(options)
    const [outputs, states] = byLoops(inputs, options)
    const recurrence = options.delta
      ? deltaRecurrence(inputs)
      : options.decays === keySize
        ? columnRecurrence({ ...inputs, logDecay: inputs.logDecay! })
        : linearRecurrence(inputs)
    const { output, state } = recurrence
    const tolerance = { absolute: 1e-11, relative: 1e-9 }
    expect(output.shape).toEqual([batch, heads, options.length, valueSize])
    expect(mismatch(output.readSync(), outputs, tolerance)).toBeNull()
    expect(mismatch(state.readSync(), states, tolerance)).toBeNull()
  })
})

test('a key that comes again and again is overwritten, in float32 too', () => {
  const single = new Device(createReferenceBackend())
  const length = 64
  const rows = (values: (position: number) => number): Tensor =>
    single.tensor(
      Array.from({ length }, (_, position) => values(position)),
      { shape: [1, 1, length, 1] },
    )
  const one = rows(() => 1)
  const { output } = deltaRecurrence({
    query: one,
    key: one,
    value: rows((position) => position),
    beta: single.tensor(new Array<number>(length).fill(1), { shape: [1, 1, length] }),
  })
  const wanted = Array.from({ length }, (_, position) => position)
  expect(mismatch(output.readSync(), wanted, { absolute: 1e-4, relative: 1e-5 })).toBeNull()
})
