import { builtInParts } from '@qkv/attention'
import { testAttention } from '@qkv/attention/conformance'
import type { TestFunction } from '@qkv/tensor/conformance'
import { type Backend, createReferenceBackend, Device, openDevice } from '@qkv/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cell } from './cell.ts'
import { lossesOf } from './training-run.ts'
import { watchReferences } from './watch-references.ts'

const steps = 30
/** How far the losses of one run may be apart after 30 steps: rounding grows from step to step. */
const lossTolerance = 2e-3

/** Registers what every backend has to do beyond single operations. */
export function testCell({ plugin, computesAway }: Cell): void {
  let device: Device
  beforeAll(async () => {
    device = await openDevice({ backend: plugin })
  })
  afterAll(() => device?.dispose())

  test(`${steps} training steps have the losses of double precision`, async () => {
    const truth = new Device(createReferenceBackend({ precision: 'float64' }))
    const wanted = await lossesOf(truth, steps)
    const got = await lossesOf(device, steps)
    expect(wanted.at(-1)).toBeLessThan(wanted[0]! / 2)
    for (const [step, loss] of got.entries()) {
      expect(Math.abs(loss - wanted[step]!), `step ${step + 1}`).toBeLessThan(lossTolerance * wanted[step]!)
    }
  })

  describe('attention', () => {
    // What it says about a part alone is tested with the parts: here is asked whether this backend agrees.
    const register: TestFunction = test
    const create = (): Backend => ({ ...device.backend, dispose: async () => {} })
    for (const [name, part] of builtInParts) {
      let registered = 0
      const onlyAgreement: TestFunction = (title, run) => {
        if (!title.includes('agrees')) return
        registered += 1
        register(title, run)
      }
      testAttention(part, { test: onlyAgreement, backends: [create] })
      if (registered !== 1)
        throw new Error(`${registered} tests of '${name}' ask whether a backend agrees, expected one`)
    }
  })

  if (!computesAway) return
  test('no definition in TypeScript runs in a training step', async () => {
    // Where every operation runs by its definition, the watch sees them: it would see one here.
    const onHost = new Device(createReferenceBackend())
    expect([...(await definitionsUsed(onHost)).keys()]).toEqual(
      expect.arrayContaining(['qkv/gather', 'qkv/matmul', 'qkv/scatterAdd']),
    )
    await onHost.dispose()
    expect(Object.fromEntries(await definitionsUsed(device))).toEqual({})
  })
}

/** How often each definition in TypeScript ran in two training steps. */
async function definitionsUsed(device: Device): Promise<ReadonlyMap<string, number>> {
  const watch = watchReferences()
  try {
    await lossesOf(device, 2)
  } finally {
    watch.stop()
  }
  return watch.calls
}
