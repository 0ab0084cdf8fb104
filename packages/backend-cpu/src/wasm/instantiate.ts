import { BackendError } from '@qkv/tensor'
import { type Heap, reservedBytes } from '../memory/heap.ts'
import { type BuildSource, type CompiledBuild, isAvailable, moduleOf, type SimdBuild } from './builds.ts'
import { hasInstructions } from './features.ts'
import type { WasmExports } from '../generated/exports.ts'
import { webAssembly } from './web-assembly.ts'

/** A build that runs on a heap, or why none does. */
export interface WasmInstance {
  readonly build: SimdBuild
  /** Absent for the build 'none', as the module is. */
  readonly exports?: WasmExports
  readonly module?: object
  /** Why faster builds were not taken. */
  readonly reasons: readonly string[]
}

/** What a content-security policy is called in the errors of Chromium and Safari, and in those of Firefox. */
const namesPolicy = /content.security.policy|\bCSP\b/i

const refusedByPolicy =
  "the page's content-security policy refused WebAssembly: allow it with `script-src 'wasm-unsafe-eval'`"

/**
 * Runs the build that was asked for on a heap, or the fastest one that the platform has. Throws a `BackendError` when the one
 * asked for cannot run.
 */
export function instantiate(
  heap: Heap,
  wanted: SimdBuild | undefined,
  sources: Readonly<Record<CompiledBuild, BuildSource>>,
): WasmInstance {
  const attempts = tryBuilds(heap, wanted)
  let attempt = attempts.next()
  while (attempt.done !== true) attempt = attempts.next(sources[attempt.value])
  return attempt.value
}

/** The same with builds that are loaded when their turn comes. */
export async function loadAndInstantiate(
  heap: Heap,
  wanted: SimdBuild | undefined,
  load: (build: CompiledBuild) => Promise<BuildSource>,
): Promise<WasmInstance> {
  const attempts = tryBuilds(heap, wanted)
  let attempt = attempts.next()
  while (attempt.done !== true) attempt = attempts.next(await load(attempt.value))
  return attempt.value
}

/** Asks for the source of each build that it tries. */
function* tryBuilds(
  heap: Heap,
  wanted: SimdBuild | undefined,
): Generator<CompiledBuild, WasmInstance, BuildSource> {
  const reasons: string[] = []
  for (const build of wanted === undefined ? (['relaxed', 'plain'] as const) : [wanted]) {
    if (build === 'none') continue
    const outcome = hasInstructions(build) ? tryBuild(heap, build, yield build) : lacks(build)
    if (typeof outcome !== 'string') return { build, ...outcome, reasons }
    if (!reasons.includes(outcome)) reasons.push(outcome)
  }
  if (wanted === undefined || wanted === 'none') return { build: 'none', reasons }
  throw new BackendError({
    operation: 'cpu',
    argument: 'simd',
    got: `is '${wanted}', but ${reasons.join('; ')}`,
    expected: 'a build that this platform runs',
    fix: 'Leave it out to take the fastest build that runs.',
  })
}

function tryBuild(
  heap: Heap,
  build: CompiledBuild,
  source: BuildSource,
): { readonly exports: WasmExports; readonly module: object } | string {
  if (!isAvailable(source)) return lacks(build)
  try {
    const module = moduleOf(source, heap.shared)
    const exports = new webAssembly.Instance(module, { env: { memory: heap.memory } }).exports as WasmExports
    if (exports.staticBytes() > exports.controlAddress() || exports.controlAddress() >= reservedBytes)
      return `the ${build} build has more constants than there is room for`
    return { exports, module }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return namesPolicy.test(message) ? refusedByPolicy : `the ${build} build was refused: ${message}`
  }
}

function lacks(build: CompiledBuild): string {
  return `the platform has no ${build === 'relaxed' ? 'relaxed ' : ''}SIMD`
}
