/** What gives access to GPUs: `navigator.gpu`, or what `create` of the package `webgpu` returns. */
export interface GpuProvider {
  requestAdapter(options?: { readonly powerPreference?: 'low-power' | 'high-performance' }): Promise<unknown>
}

/** The package `webgpu` for Node. */
interface WebGpuModule {
  create(flags: readonly string[]): GpuProvider
}

/** What a platform may bring: the globals of a browser or of Node. */
interface Platform {
  readonly navigator?: { readonly gpu?: GpuProvider }
  readonly process?: { readonly versions?: { readonly node?: string } }
}

/** What was found, or why there is nothing. */
export type ProviderSearch =
  | { readonly gpu: GpuProvider }
  | { readonly missing: string; readonly fix: string }

/** `navigator.gpu` where there is one, else in Node the package `webgpu`, which is imported only then. */
export async function findGpu(module: string): Promise<ProviderSearch> {
  const platform = globalThis as unknown as Platform
  if (platform.navigator?.gpu) return { gpu: platform.navigator.gpu }
  if (platform.process?.versions?.node === undefined) {
    return {
      missing: 'this page has no `navigator.gpu`',
      fix: 'Serve the page over https or from localhost to a browser with WebGPU, or use the backend cpu.',
    }
  }
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ module)) as WebGpuModule
    return { gpu: create([]) }
  } catch (error) {
    return {
      missing: `Node has no WebGPU of its own and '${module}' did not load (${String(error)})`,
      fix: 'Run `npm install webgpu@0.6.2`, or use the backend cpu.',
    }
  }
}
