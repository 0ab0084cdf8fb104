import { type Backend, Device } from '@qkv/tensor'
import type { BenchDevice } from '../open-devices.ts'
import type { LaunchResult } from '../results.ts'
import { createGptStep, describeGpt, gptSizes } from './gpt-model.ts'
import type { Suite } from './suite.ts'

const name = 'launches'

/** What GPU backends count in their description. */
interface Counters {
  readonly dispatches: number
  readonly readBacks: number
}

/** What a training step asks of a GPU: kernels that are started, with and without fused ones, and results that are read. */
export const launches: Suite = {
  name,
  description:
    'How many kernels a training step of a small GPT starts on a GPU, with composites fused and made of primitives, and how often it reads back. Nothing on backends that do not count.',
  async run(devices, _, onResults) {
    for (const on of devices) {
      if (countersOf(on.device.backend) === undefined) continue
      onResults([await countLaunches(on)])
    }
  },
}

function countersOf({ description }: Backend): Counters | undefined {
  const { counters } = (description ?? {}) as { readonly counters?: Partial<Counters> }
  return counters?.dispatches === undefined || counters.readBacks === undefined
    ? undefined
    : { dispatches: counters.dispatches, readBacks: counters.readBacks }
}

async function countLaunches({ device, threads, simd }: BenchDevice): Promise<LaunchResult> {
  const fused = await stepCounters(device)
  const unfused = await stepCounters(new Device(withoutComposites(device.backend)))
  const { batch, maximumLength } = gptSizes
  return {
    suite: name,
    name: 'gpt training step',
    shape: `${describeGpt(gptSizes)}, ${batch}x${maximumLength} tokens`,
    backend: device.name,
    simd,
    threads,
    launches: fused.dispatches,
    unfusedLaunches: unfused.dispatches,
    readBacks: fused.readBacks,
  }
}

/** The second step: the first one makes the optimizer's state. */
async function stepCounters(device: Device): Promise<Counters> {
  const step = createGptStep(device, gptSizes)
  device.scoped(step)
  await device.synchronize()
  const before = countersOf(device.backend)!
  device.scoped(step)
  await device.synchronize()
  const after = countersOf(device.backend)!
  return {
    dispatches: after.dispatches - before.dispatches,
    readBacks: after.readBacks - before.readBacks,
  }
}

/** The same backend with the kernels of primitives alone: the core decomposes everything else. */
function withoutComposites(backend: Backend): Backend {
  return {
    ...backend,
    supports: (op, inputs, attrs) => op.kind === 'primitive' && backend.supports(op, inputs, attrs),
  }
}
