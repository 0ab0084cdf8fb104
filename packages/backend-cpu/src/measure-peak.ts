import { BackendError } from '@qkv/tensor'
import type { WasmExports } from './generated/exports.ts'
import { allBuilds } from './wasm/all-builds.ts'
import { type CompiledBuild, isAvailable, moduleOf } from './wasm/builds.ts'
import { hasInstructions } from './wasm/features.ts'
import { webAssembly } from './wasm/web-assembly.ts'

/** 13 chains of four lanes; three multiplications and as many additions each (`assembly/peak.ts`). */
const operationsPerStep = 13 * 4 * 3 * 2
/** A few hundredths of a millisecond. */
const stepsPerCall = 4000
/** By then the engine has compiled the loop with all its optimisations. */
const warmUpMilliseconds = 50

const loops = new Map<CompiledBuild, WasmExports['peak']>()

/**
 * How fast one thread of this machine multiplies and adds in 128-bit vectors, in 10^9 floating-point operations per second: what the kernels
 * of a build come near at best. Clocks change: measure it beside what it is compared with, often, for some milliseconds each. The first
 * call for a build takes 50 milliseconds longer. Throws a `BackendError` when the platform cannot run the build.
 *
 * @example
 * const peak = measurePeak('relaxed') // 58.4 on a core with fused operations at 3.65 GHz
 */
export function measurePeak(build: CompiledBuild, milliseconds: number = 2): number {
  const loop = loops.get(build) ?? openLoop(build)
  return rateOf(loop, milliseconds)
}

function openLoop(build: CompiledBuild): WasmExports['peak'] {
  const source = allBuilds[build]
  if (!hasInstructions(build) || !isAvailable(source)) throw unavailableError(build)
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1, shared: false })
  const instance = new webAssembly.Instance(moduleOf(source, false), { env: { memory } })
  const { peak } = instance.exports as WasmExports
  rateOf(peak, warmUpMilliseconds)
  loops.set(build, peak)
  return peak
}

function rateOf(loop: WasmExports['peak'], milliseconds: number): number {
  const started = performance.now()
  let calls = 0
  let elapsed = 0
  do {
    loop(stepsPerCall)
    calls += 1
    elapsed = performance.now() - started
    // Clocks of browsers may stand still for a tenth of a millisecond.
  } while (elapsed < milliseconds || elapsed === 0)
  return (calls * stepsPerCall * operationsPerStep) / elapsed / 1e6
}

function unavailableError(build: CompiledBuild): BackendError {
  return new BackendError({
    operation: 'measurePeak',
    argument: 'build',
    got: `is '${build}', which this platform has no SIMD for`,
    expected: 'a build that this platform runs',
    fix: "Ask `describeCpuBackend(device.backend)?.simd` which one runs; 'none' has no such peak.",
  })
}

declare const performance: { now(): number }
