import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os'
import { type BackendChoice, type BackendPlugin, openDevice as openOn } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { explainError } from '../errors/explain-error.ts'
import { backendPresets, knownBackends, openDevice, pluginOf } from '../presets.ts'
import { sortPlugins } from './sort-plugins.ts'

/** Whether a backend runs here, and why not. */
export interface BackendReport {
  readonly name: string
  /** The package that brings it; none for a plugin of the config. */
  readonly package: string | undefined
  readonly available: boolean
  readonly reason: string | undefined
  /** What the backend says of itself: what computes, with which limits. */
  readonly description: Readonly<Record<string, unknown>> | undefined
}

/** What is known about this machine and this installation. */
export interface SystemReport {
  readonly node: { readonly version: string; readonly supported: boolean; readonly wanted: string }
  readonly platform: string
  readonly processor: string
  readonly threads: number
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number }
  readonly webAssembly: { readonly simd: boolean; readonly threads: boolean }
  readonly backends: readonly BackendReport[]
  /** What was asked for by preference, and which of these is taken; `null` where every command would refuse them, and why. */
  readonly selection: {
    readonly asked: readonly string[]
    readonly chosen: string | null
    readonly reason: string | null
  }
}

/** What was found, and what any other command would throw for the backends that were asked for. */
export interface SystemFindings {
  readonly report: SystemReport
  readonly refusal: unknown
}

export interface DescribeSystemOptions {
  readonly plugins?: readonly Plugin[]
  /** Backends by preference; `cpu` unless said. */
  readonly backend?: readonly BackendChoice[] | undefined
  /** The project whose packages may bring further backends; the working directory unless said. */
  readonly folder?: string | undefined
}

// The types of Node leave it out.
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean
  readonly Memory: new (options: { initial: number; maximum: number; shared: boolean }) => {
    readonly buffer: ArrayBufferLike
  }
}

const wantedNode = [20, 19] as const

/** Looks at Node, the machine, and every backend that is known, that plugins bring or that was asked for. */
export async function describeSystem(options: DescribeSystemOptions = {}): Promise<SystemFindings> {
  const { backend = ['cpu'], folder } = options
  const plugins = sortPlugins(options.plugins ?? []).backends
  const known: { readonly plugin: BackendPlugin; readonly package: string | undefined }[] = [
    ...backendPresets.map((preset) => ({ plugin: pluginOf(preset), package: preset.package })),
    ...plugins.map((plugin) => ({ plugin, package: undefined })),
  ]
  for (const choice of backend) {
    if (known.some(({ plugin }) => plugin === choice || plugin.name === choice)) continue
    const plugin = typeof choice === 'string' ? findOrRefuse(choice, plugins, folder) : choice
    known.push({ plugin, package: undefined })
  }
  const backends = await Promise.all(known.map((each) => describeBackend(each)))
  const { chosen, refusal } = await chooseBackend(backend, plugins, folder)
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [wantedMajor, wantedMinor] = wantedNode
  const report: SystemReport = {
    node: {
      version: process.versions.node,
      supported: major > wantedMajor || (major === wantedMajor && minor >= wantedMinor),
      wanted: `${wantedMajor}.${wantedMinor} or newer`,
    },
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    webAssembly: { simd: WebAssembly.validate(simdProbe), threads: supportsSharedMemory() },
    backends,
    selection: {
      asked: backend.map((choice) => (typeof choice === 'string' ? choice : choice.name)),
      chosen: chosen ?? null,
      reason: chosen === undefined ? explainError(refusal).sentence : null,
    },
  }
  return { report, refusal }
}

/** Opens what was asked for as every other command does, so that this agrees with them. */
async function chooseBackend(
  backend: readonly BackendChoice[],
  plugins: readonly BackendPlugin[],
  folder: string | undefined,
): Promise<{ readonly chosen?: string; readonly refusal?: unknown }> {
  try {
    const device = await openDevice({ backend, plugins, folder })
    const chosen = device.selection?.chosen ?? device.name
    await device.dispose()
    return { chosen }
  } catch (refusal) {
    return { refusal }
  }
}

/** A backend of another package; where there is none, one that says so. */
function findOrRefuse(
  name: string,
  plugins: readonly BackendPlugin[],
  folder: string | undefined,
): BackendPlugin {
  try {
    return knownBackends([name], { plugins, folder }).find((plugin) => plugin.name === name)!
  } catch (error) {
    return {
      name,
      create() {
        throw error
      },
    }
  }
}

async function describeBackend({
  plugin,
  package: packageName,
}: {
  readonly plugin: BackendPlugin
  readonly package: string | undefined
}): Promise<BackendReport> {
  try {
    const device = await openOn({ backend: plugin })
    const description = plainCopy(device.backend.description)
    await device.dispose()
    return { name: plugin.name, package: packageName, available: true, reason: undefined, description }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { name: plugin.name, package: packageName, available: false, reason, description: undefined }
  }
}

/** What getters say now. */
function plainCopy(description: object | undefined): Readonly<Record<string, unknown>> | undefined {
  return description && (JSON.parse(JSON.stringify(description)) as Record<string, unknown>)
}

/** A module whose one function returns `i32x4.splat(0)`: only engines with fixed-width SIMD accept it. */
const simdProbe = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
])

function supportsSharedMemory(): boolean {
  try {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    return buffer instanceof SharedArrayBuffer
  } catch {
    return false
  }
}
