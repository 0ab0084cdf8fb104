import {
  add,
  adamW,
  argmax,
  cast,
  copy,
  crossEntropy,
  crossEntropyBackwardOp,
  cumsum,
  Device,
  dropout,
  exp,
  gather,
  gelu,
  geluBackward,
  geluTanh,
  geluTanhBackward,
  type HostArray,
  layerNorm,
  layerNormBackwardOp,
  less,
  log,
  logSoftmax,
  mean,
  mul,
  randomUniform,
  rmsNorm,
  rmsNormBackwardOp,
  scatterAdd,
  silu,
  siluBackward,
  softmax,
  sum,
  type Tensor,
  topK,
  transpose,
  where,
} from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createCpuBackend, type SimdBuild } from '../index.ts'
import { haveSameBits } from '../testing/compare.ts'

/** Irregular numbers: any other order of additions would show. */
function noise(device: Device, ...shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return device.tensor(
    Float32Array.from({ length: size }, (_, index) => 3 * Math.sin(index * index + 0.5)),
    { shape },
  )
}

/** Sizes that every kernel splits, none of which is a multiple of its units. */
const programs: Readonly<Record<string, (device: Device) => readonly Tensor[]>> = {
  'element by element': (device) => {
    const [x, y] = [noise(device, 301, 1027), noise(device, 1027, 301)]
    return [
      add(x, transpose(y)),
      mul(x, noise(device, 1027)),
      where(less(x, noise(device, 301, 1)), x, device.tensor(0.5)),
      ...[exp, gelu, geluTanh, silu, log].map((map) => map(x)),
      ...[geluBackward, geluTanhBackward, siluBackward].map((map) => map(x, x)),
      cast(x, 'int32'),
    ]
  },
  movement: (device) => {
    const x = noise(device, 307, 601)
    const ids = device.tensor(Int32Array.from({ length: 307 }, (_, index) => (index * index) % 53))
    return [
      copy(transpose(x)),
      gather(x, ids, { axis: 0 }),
      scatterAdd(x, ids, { axis: 0, length: 53 }),
      dropout(x, { rate: 0.3, key: [3, 4] }),
      randomUniform(device, [100_003], { key: [5, 6] }),
    ]
  },
  reductions: (device) => {
    const x = noise(device, 307, 601)
    return [
      sum(x),
      mean(x, { axis: 0 }),
      sum(x, { axis: 1 }),
      softmax(x),
      logSoftmax(x, { axis: 0 }),
      cumsum(x, { axis: 1 }),
      argmax(x, { axis: 0 }),
      ...Object.values(topK(x, { k: 20 })),
    ]
  },
  norms: (device) => {
    const [x, weight, statistic] = [noise(device, 607, 301), noise(device, 301), noise(device, 607, 1)]
    return [
      layerNorm(x, { weight, bias: weight }),
      rmsNorm(x, { weight }),
      ...device.apply(layerNormBackwardOp, [x, statistic, statistic, x, weight], {}),
      ...device.apply(rmsNormBackwardOp, [x, statistic, x, weight], {}),
    ]
  },
  training: (device) => {
    const [logits, rows] = [noise(device, 307, 601), noise(device, 307)]
    const targets = device.tensor(Int32Array.from({ length: 307 }, (_, index) => (index * index) % 601))
    const attrs = { labelSmoothing: 0.1, ignoreIndex: 4 }
    const parameter = {
      parameter: logits,
      gradient: logits,
      firstMoment: logits,
      secondMoment: mul(logits, logits),
    }
    return [
      crossEntropy(logits, targets),
      ...device.apply(crossEntropyBackwardOp, [logits, targets, rows, rows], attrs),
      ...adamW([parameter, parameter], { learningRate: 0.01, step: 3 }).flatMap((each) =>
        Object.values(each),
      ),
    ]
  },
}

async function run(
  program: (device: Device) => readonly Tensor[],
  simd: SimdBuild,
  threads: number,
): Promise<HostArray[]> {
  const backend = createCpuBackend({ simd, threads })
  await backend.ready()
  expect(backend.description.threads).toBe(threads)
  const device = new Device(backend)
  const outputs = device.scoped(() => program(device).map((output) => output.readSync()))
  await device.dispose()
  return outputs
}

for (const [name, program] of Object.entries(programs)) {
  test.each(['relaxed', 'plain'] as const)(
    `${name}: the bits do not depend on the count of threads, build %s`,
    { timeout: 30_000 },
    async (simd) => {
      const [alone, ...others] = await Promise.all([1, 2, 3].map((threads) => run(program, simd, threads)))
      for (const outputs of others) {
        for (const [index, output] of outputs.entries())
          expect(haveSameBits(output, alone![index]!), `output ${index}`).toBe(true)
      }
    },
  )
}
