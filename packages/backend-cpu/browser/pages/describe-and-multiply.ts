import { Device, matmul } from '@qkv/tensor'
import { type CpuDescription, createCpuBackend } from '../../src/index.ts'
import { sentenceOf } from '../sentence-of.ts'

/** What a page found out about its backend. */
export interface PageReport {
  readonly description: CpuDescription
  /** The different elements of a product of matrices that is large enough for several threads. */
  readonly product: readonly number[]
  /** What it throws to ask for WebAssembly kernels, or nothing. */
  readonly plainBuild: string
}

async function describeAndMultiply(): Promise<PageReport> {
  const backend = createCpuBackend({ threads: 2 })
  await backend.ready()
  const device = new Device(backend)
  const x = device.tensor(new Float32Array(2 ** 18).fill(0.5), { shape: [512, 512] })
  const product = [...new Set(matmul(x, x).readSync())]
  // A copy, since getters do not travel in messages.
  const description = { ...backend.description }
  await device.dispose()
  return { description, product, plainBuild: sentenceOf(() => createCpuBackend({ simd: 'plain' })) }
}

/** Sent to the page that holds this one in a frame. */
export type PageMessage = { readonly report: PageReport } | { readonly error: string }

const message: PageMessage = await describeAndMultiply().then(
  (report) => ({ report }),
  (error: unknown) => ({ error: String(error) }),
)
parent.postMessage(message, location.origin)
