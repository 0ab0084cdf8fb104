import { webAssembly } from './web-assembly.ts'

/** The kernels with fused multiplications and additions, those without, or none: the TypeScript ones alone. */
export type SimdBuild = 'relaxed' | 'plain' | 'none'

export type CompiledBuild = Exclude<SimdBuild, 'none'>

/** A build as text; the byte at `sharedFlag` says whether its memory is shared. */
export interface BuildSource {
  readonly hex: string
  readonly sharedFlag: number
}

const bytes = new WeakMap<BuildSource, Uint8Array>()
const modules = new WeakMap<BuildSource, Map<boolean, object>>()

/** Whether this platform runs a build. */
export function isAvailable(source: BuildSource): boolean {
  return webAssembly.validate(bytesOf(source))
}

/** The module of a build; throws what the platform throws when it refuses to compile. */
export function moduleOf(source: BuildSource, shared: boolean): object {
  const ofSource = modules.get(source) ?? new Map<boolean, object>()
  modules.set(source, ofSource)
  const known = ofSource.get(shared)
  if (known) return known
  const own = bytesOf(source).slice()
  // The limits of the imported memory: 3 stands for a shared one that has a maximum, 1 for another that has one.
  own[source.sharedFlag] = shared ? 3 : 1
  const module = new webAssembly.Module(own)
  ofSource.set(shared, module)
  return module
}

function bytesOf(source: BuildSource): Uint8Array {
  const known = bytes.get(source)
  if (known) return known
  const { hex } = source
  const decoded = Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  )
  bytes.set(source, decoded)
  return decoded
}
