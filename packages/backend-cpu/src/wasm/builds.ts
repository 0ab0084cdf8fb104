import { plainBuild, relaxedBuild } from '../generated/builds.ts'
import { webAssembly } from './web-assembly.ts'

/** The kernels with fused multiplications and additions, those without, or none: the TypeScript ones alone. */
export type SimdBuild = 'relaxed' | 'plain' | 'none'

type CompiledBuild = Exclude<SimdBuild, 'none'>

const sources = { relaxed: relaxedBuild, plain: plainBuild } as const
const bytes = new Map<CompiledBuild, Uint8Array>()
const modules = new Map<string, object>()

/** Whether this platform runs a build. */
export function isAvailable(build: SimdBuild): boolean {
  if (build === 'none' || webAssembly.validate(bytesOf(build))) return true
  return build === 'relaxed' && allowRelaxedSimd() && webAssembly.validate(bytesOf(build))
}

/** The module of a build; throws what the platform throws when it refuses to compile. */
export function moduleOf(build: CompiledBuild, shared: boolean): object {
  const key = `${build} ${shared}`
  const known = modules.get(key)
  if (known) return known
  const own = bytesOf(build).slice()
  // The limits of the imported memory: 3 stands for a shared one that has a maximum, 1 for another that has one.
  own[sources[build].sharedFlag] = shared ? 3 : 1
  const module = new webAssembly.Module(own)
  modules.set(key, module)
  return module
}

function bytesOf(build: CompiledBuild): Uint8Array {
  const known = bytes.get(build)
  if (known) return known
  const text = atob(sources[build].base64)
  const decoded = Uint8Array.from(text, (character) => character.charCodeAt(0))
  bytes.set(build, decoded)
  return decoded
}

declare const atob: (text: string) => string

interface NodeProcess {
  readonly versions?: { readonly node?: string }
  getBuiltinModule?(name: string): { setFlagsFromString(flag: string): void }
}

/** Node 20 has relaxed SIMD behind a flag, which may be set until the first module that needs it is compiled. */
function allowRelaxedSimd(): boolean {
  const { process } = globalThis as { readonly process?: NodeProcess }
  if (!process?.versions?.node?.startsWith('20.') || !process.getBuiltinModule) return false
  process.getBuiltinModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd')
  return true
}
