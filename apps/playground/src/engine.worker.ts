import { expose } from '@qkv/apps-shared/engine/worker'
import { createReferenceBackend, Device } from '@qkv/tensor'
import { computeOneHot } from './by-hand/compute-one-hot.ts'
import { computeSteps } from './by-hand/compute-steps.ts'
import { computeWeightedSum } from './by-hand/compute-weighted-sum.ts'
import { compareOrders } from './positions/compare-orders.ts'
import { computeTables } from './positions/compute-tables.ts'

/** Doubles, so that what is shown is what a hand with enough patience would find. */
const device = new Device(createReferenceBackend({ precision: 'float64' }))

type Calculation<Input, Result> = (device: Device, input: Input) => Result

/** Runs a calculation and frees all that it made. */
function on<Input, Result>(calculation: Calculation<Input, Result>): (input: Input) => Result {
  return (input) => {
    using _ = device.scope()
    return calculation(device, input)
  }
}

const engine = {
  steps: on(computeSteps),
  weightedSum: on(computeWeightedSum),
  oneHot: on(computeOneHot),
  positionTables: on(computeTables),
  orders: on(compareOrders),
}

/** What the pages with small numbers ask for. */
export type LessonEngine = typeof engine

expose(engine)
