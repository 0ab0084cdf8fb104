import { adamW, type AdamWState, type Device, donate, full } from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { createOperands } from './op-operands.ts'

/** The update of one parameter, in place. */
export function adamWWorkload(device: Device): Workload {
  const { rows, other: gradient } = createOperands(device)
  const zeros = (): AdamWState['parameter'] => device.retain(full(device, rows.shape, 0))
  let state: AdamWState = { parameter: rows, firstMoment: zeros(), secondMoment: zeros() }
  let step = 0
  return {
    name: 'adamW',
    shape: rows.shape.join('x'),
    elements: rows.size,
    run() {
      const { parameter, firstMoment, secondMoment } = state
      step += 1
      const [next] = adamW(
        [
          {
            parameter: donate(parameter),
            gradient,
            firstMoment: donate(firstMoment),
            secondMoment: donate(secondMoment),
          },
        ],
        { learningRate: 1e-3, step },
      )
      for (const tensor of Object.values(next!)) device.retain(tensor)
      state = next!
    },
  }
}
