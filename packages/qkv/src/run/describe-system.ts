import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os'
import { type BackendChoice, type BackendPlugin, openDevice as openOn } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { backendPresets, findBackend, pluginOf } from '../presets.ts'
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
  /** What was asked for by preference, and which of these is taken; `null` where none runs here. */
  readonly selection: { readonly asked: readonly string[]; readonly chosen: string | null }
}

export interface DescribeSystemOptions {
  readonly plugins?: readonly Plugin[]
  /** Backends by preference; `cpu` unless said. */
  readonly backend?: readonly BackendChoice[] | undefined
  /** The project whose packages may bring further backends; the working directory unless said. */
  readonly folder?: string
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
export async function describeSystem(options: DescribeSystemOptions = {}): Promise<SystemReport> {
  const { plugins = [], backend = ['cpu'], folder = process.cwd() } = options
  const known: { readonly plugin: BackendPlugin; readonly package: string | undefined }[] = [
    ...backendPresets.map((preset) => ({ plugin: pluginOf(preset), package: preset.package })),
    ...sortPlugins(plugins).backends.map((plugin) => ({ plugin, package: undefined })),
  ]
  for (const choice of backend) {
    if (known.some(({ plugin }) => plugin === choice || plugin.name === choice)) continue
    const others = known.map(({ plugin }) => plugin)
    const plugin = typeof choice === 'string' ? await findOrRefuse(choice, others, folder) : choice
    known.push({ plugin, package: undefined })
  }
  const backends = await Promise.all(known.map((each) => describeBackend(each)))
  const asked = backend.map((choice) => (typeof choice === 'string' ? choice : choice.name))
  const chosen = asked.find((name) => backends.some((each) => each.name === name && each.available)) ?? null
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [wantedMajor, wantedMinor] = wantedNode
  return {
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
    selection: { asked, chosen },
  }
}

/** A backend of another package; where there is none, one that says so. */
async function findOrRefuse(
  name: string,
  known: readonly BackendPlugin[],
  folder: string,
): Promise<BackendPlugin> {
  try {
    return await findBackend(name, known, folder)
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
