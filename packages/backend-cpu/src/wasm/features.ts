import type { CompiledBuild } from './builds.ts'
import { webAssembly } from './web-assembly.ts'

/** A module of one function that returns a vector, whose code is at most 125 bytes long. */
function moduleWith(code: readonly number[]): Uint8Array {
  const type = [1, 5, 1, 0x60, 0, 1, 0x7b]
  const functions = [3, 2, 1, 0]
  const body = [0, ...code, 0x0b]
  const codes = [10, body.length + 2, 1, body.length, ...body]
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, ...functions, ...codes])
}

/** `i32.const 0, i8x16.splat` */
const vector = [0x41, 0, 0xfd, 0x0f]

/** The smallest modules that use what a build needs, so that a build need not be there to ask for it. */
const probes: Readonly<Record<CompiledBuild, Uint8Array>> = {
  plain: moduleWith(vector),
  /** `i8x16.relaxed_swizzle` */
  relaxed: moduleWith([...vector, ...vector, 0xfd, 0x80, 0x02]),
}

/** Whether this platform has the instructions of a build. */
export function hasInstructions(build: CompiledBuild): boolean {
  if (webAssembly.validate(probes[build])) return true
  return build === 'relaxed' && allowRelaxedSimd() && webAssembly.validate(probes[build])
}

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
