import { availableParallelism } from 'node:os'
import { cpu, type CpuOptions, describeCpuBackend, type SimdBuild } from '@qkv/backend-cpu'
import type { Device } from '@qkv/tensor'
import { UsageError } from '../../errors/usage-error.ts'
import { openDevice } from '../../presets.ts'

export interface BenchDeviceOptions {
  /** Names of backends, the first that runs here is taken; `cpu` unless said. */
  readonly backend?: readonly string[] | undefined
  /** One device for each of these counts; 1 and 2 where the machine has two, unless said. For the CPU backend only. */
  readonly threads?: readonly number[] | undefined
  /** One device for each of these kernels, too; the fastest that run here unless said. For the CPU backend only. */
  readonly simd?: readonly SimdBuild[] | undefined
}

type CpuChoice = CpuOptions & { readonly threads: number }

/** A device that is measured, and what runs on it. */
export interface BenchDevice {
  readonly device: Device
  readonly threads: number
  readonly simd: SimdBuild | null
}

/** One device for each kind of kernels and each count of threads. Throws a `UsageError` when the backend has no such threads, or no such kernels. */
export async function openDevices(options: BenchDeviceOptions): Promise<readonly BenchDevice[]> {
  const { backend = ['cpu'] } = options
  const devices: BenchDevice[] = []
  try {
    for (const choice of choicesOf(options)) {
      const own = cpu(choice)
      const device = await openDevice({ backend: backend.map((name) => (name === own.name ? own : name)) })
      const description = describeCpuBackend(device.backend)
      const threads = description?.threads ?? 1
      // Nobody asked for threads that a platform without WebAssembly kernels has not.
      if (
        !options.threads &&
        devices.some((other) => other.simd === description?.simd && other.threads === threads)
      ) {
        await device.dispose()
        continue
      }
      devices.push({ device, threads, simd: description?.simd ?? null })
      if (!description) {
        refuseCpuOptions(device.name, options)
        break
      }
      if (description.threads !== choice.threads) throw threadsError(choice.threads, description)
    }
    return devices
  } catch (error) {
    await closeDevices(devices)
    throw error
  }
}

export async function closeDevices(devices: readonly BenchDevice[]): Promise<void> {
  for (const { device } of devices) await device.dispose()
}

function choicesOf({ threads, simd }: BenchDeviceOptions): readonly CpuChoice[] {
  const builds: readonly (SimdBuild | undefined)[] = simd ?? [undefined]
  return builds.flatMap((build) =>
    (threads ?? defaultThreads(build)).map((count) => ({ threads: count, ...(build && { simd: build }) })),
  )
}

/** The TypeScript kernels alone have no threads. */
function defaultThreads(simd: SimdBuild | undefined): readonly number[] {
  return simd === 'none' || availableParallelism() < 2 ? [1] : [1, 2]
}

function refuseCpuOptions(name: string, { threads, simd }: BenchDeviceOptions): void {
  const argument = threads ? 'threads' : simd ? 'simd' : undefined
  if (argument === undefined) return
  throw new UsageError({
    operation: 'bench',
    argument,
    got: `is given for the backend '${name}'`,
    expected: "the backend 'cpu', which alone has it",
    fix: 'Leave it out, or measure the CPU backend.',
  })
}

function threadsError(
  wanted: number,
  { threads, reasons }: { readonly threads: number; readonly reasons: readonly string[] },
): UsageError {
  return new UsageError({
    operation: 'bench',
    argument: 'threads',
    got: `has ${wanted}, but ${threads} work here (${reasons.join('; ')})`,
    expected: 'as many threads as can be had',
    fix: 'Ask for fewer: --threads 1 always runs.',
  })
}
