import type { GpujsDescription } from '@qkv/backend-gpujs'
import type { MatmulVariant, WebGpuDescription } from '@qkv/backend-webgpu'
import { type Backend, Device, matmul, randomUniform, type Tensor } from '@qkv/tensor'
import { measure, type Variant } from '../measure.ts'
import type { BenchDevice } from '../open-devices.ts'
import type { Suite } from './suite.ts'

const name = 'products'
const size = 512

/** A backend that was told which kernel to use, and what that is called. */
interface Choice {
  readonly kernel: string
  readonly backend: Backend
}

/** How backends can be told to multiply, their plain kernels first. */
const choicesOf: Readonly<Record<string, (like: Backend) => Promise<readonly Choice[] | undefined>>> = {
  async webgpu({ description }) {
    const { createWebGpuBackend } = await import('@qkv/backend-webgpu')
    const { features } = description as WebGpuDescription
    const kernels: readonly MatmulVariant[] = [
      'naive',
      'direct',
      'tiled',
      ...(features.includes('subgroups') ? (['subgroups'] as const) : []),
      'auto',
    ]
    return createAll([
      ...kernels.map((kernel) => [kernel, () => createWebGpuBackend({ matmul: kernel })] as const),
      ...(features.includes('shader-f16')
        ? [['float16', () => createWebGpuBackend({ matmulPrecision: 'float16' })] as const]
        : []),
    ])
  },
  async gpujs({ description }) {
    const { createGpujsBackend } = await import('@qkv/backend-gpujs')
    const { mode } = description as GpujsDescription
    // Other modes have no vectors to pack into.
    if (mode !== 'webgl2' && mode !== 'headlessgl') return undefined
    return createAll(
      [false, true].map((packedProducts) => [
        packedProducts ? 'packed' : 'plain',
        () => createGpujsBackend({ mode, packedProducts }),
      ]),
    )
  },
}

async function createAll(
  makers: readonly (readonly [string, () => Promise<Backend>])[],
): Promise<readonly Choice[]> {
  const choices: Choice[] = []
  for (const [kernel, create] of makers) choices.push({ kernel, backend: await create() })
  return choices
}

/** One product by each of the kernels that a backend has for it, in turns. */
export const products: Suite = {
  name,
  description: `A product of ${size}x${size}x${size} by each kernel that a backend can be told to use, against its plain one.`,
  async run(devices, seconds, onResults) {
    for (const on of devices) {
      const choices = await choicesOf[on.device.name]?.(on.device.backend)
      if (!choices) {
        onResults(await measure(name, [productOn(on)], seconds))
        continue
      }
      const opened = choices.map(({ kernel, backend }) => ({ kernel, device: new Device(backend) }))
      try {
        const variants = opened.map(({ kernel, device }) => productOn({ ...on, device }, kernel))
        const results = await measure(name, variants, seconds)
        const plain = results[0]!.milliseconds
        onResults(results.map((result) => ({ ...result, timesAsFast: plain / result.milliseconds })))
      } finally {
        for (const { device } of opened) await device.dispose()
      }
    }
  },
}

function productOn(on: BenchDevice, kernel?: string): Variant {
  const matrix = (seed: number): Tensor =>
    on.device.retain(randomUniform(on.device, [size, size], { key: [seed, 0] }))
  const [left, right] = [matrix(1), matrix(2)]
  const workload = {
    name: kernel === undefined ? 'matmul' : `matmul ${kernel}`,
    shape: `${size}x${size}x${size}`,
    run: () => matmul(left, right),
  }
  return { on, workload }
}
