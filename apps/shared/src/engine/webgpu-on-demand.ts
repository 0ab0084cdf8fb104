import type * as WebGpu from '@qkv/backend-webgpu'
import { BackendError, type ErrorParts } from '@qkv/tensor'
import type { AdapterReport } from './device-api.ts'
import type { OfferedBackend } from './offered-backend.ts'

type WebGpuPackage = Pick<typeof WebGpu, 'webgpu' | 'describeWebGpuBackend'>

/** The part of `navigator.gpu` that tells whether there is a GPU. */
interface AdapterSource {
  requestAdapter(): Promise<object | null>
}

export interface WebGpuOnDemandOptions {
  /** What brings the package. */
  readonly load?: () => Promise<WebGpuPackage>
  /** Milliseconds after which a browser that does not answer counts as one without a GPU. */
  readonly patience?: number
}

/** The backend of `@qkv/backend-webgpu`, whose code is loaded when it is opened and not before. */
export function webGpuOnDemand({
  load = () => import('@qkv/backend-webgpu'),
  patience = 10_000,
}: WebGpuOnDemandOptions = {}): OfferedBackend {
  return {
    name: 'webgpu',
    probe: () => findAdapter(patience),
    async create() {
      await findAdapter(patience)
      const { webgpu } = await load().catch((error: unknown) => {
        throw webGpuError({
          argument: 'package',
          got: `did not load (${String(error)})`,
          expected: 'the code of @qkv/backend-webgpu beside the page',
          fix: 'Load the page again with a connection, or choose the backend cpu.',
        })
      })
      return webgpu().create()
    },
    async describeAdapter(backend) {
      const { describeWebGpuBackend } = await load()
      return describe(describeWebGpuBackend(backend))
    },
  }
}

/** Throws why there is no adapter. */
async function findAdapter(patience: number): Promise<void> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: AdapterSource } }
  const gpu = navigator?.gpu
  if (!gpu) {
    throw webGpuError({
      argument: 'gpu',
      got: 'is missing: this page has no `navigator.gpu`',
      expected: 'WebGPU',
      fix: 'Open the page over https or from localhost in a browser with WebGPU, or choose the backend cpu.',
    })
  }
  const adapter = await answerWithin(patience, gpu.requestAdapter())
  if (adapter) return
  throw webGpuError({
    argument: 'adapter',
    got: 'is null: the browser has WebGPU, but found no GPU that it may use',
    expected: 'an adapter',
    fix: 'Update the graphics driver, or choose the backend cpu.',
  })
}

async function answerWithin<Answer>(patience: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const got = `did not come within ${patience / 1000} s`
      const fix = 'Start the browser anew, or choose the backend cpu.'
      reject(webGpuError({ argument: 'adapter', got, expected: 'an answer of the browser', fix }))
    }, patience)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function describe(
  description: ReturnType<WebGpuPackage['describeWebGpuBackend']>,
): AdapterReport | undefined {
  if (!description) return undefined
  const { adapter, vendor, architecture, isFallbackAdapter } = description
  const name = adapter || [vendor, architecture].filter((part) => part !== '').join(' ')
  return { name, software: isFallbackAdapter }
}

function webGpuError(parts: Omit<ErrorParts, 'operation'>): BackendError {
  return new BackendError({ operation: 'webgpu', ...parts })
}
