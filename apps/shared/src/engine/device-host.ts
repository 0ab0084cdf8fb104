import { cpu, describeCpuBackend } from '@qkv/backend-cpu'
import { type BackendPlugin, createReferenceBackend, type Device, openDevice } from '@qkv/tensor'
import type { BackendReport, DeviceReport } from './device-api.ts'

/** The device of an engine. */
export interface DeviceHost {
  /** The open one; throws when there is none. */
  readonly device: Device
  /** Opens a backend by name and closes the one before it; throws a `BackendError` when it does not run here. */
  open(backend: string): Promise<DeviceReport>
}

/** All that these pages can compute with, in order of preference. */
const plugins: readonly BackendPlugin[] = [
  cpu(),
  { name: 'reference', create: () => createReferenceBackend() },
]

/** Makes the host of an engine's device. */
export function createDeviceHost(): DeviceHost {
  let device: Device | undefined
  return {
    get device() {
      if (device === undefined)
        throw new Error('engine: no device is open, expected openDevice to come first.')
      return device
    },
    async open(backend) {
      const opened = await openDevice({ backend, plugins })
      await device?.dispose()
      device = opened
      return report(opened, await Promise.all(plugins.map((plugin) => probe(plugin, opened))))
    },
  }
}

function report(device: Device, backends: readonly BackendReport[]): DeviceReport {
  const description = describeCpuBackend(device.backend)
  return {
    chosen: device.name,
    backends,
    kernels: description && {
      simd: description.simd,
      threads: description.threads,
      reasons: description.reasons,
    },
    isolated: globalThis.crossOriginIsolated,
  }
}

async function probe(plugin: BackendPlugin, open: Device): Promise<BackendReport> {
  const { name } = plugin
  if (name === open.name) return { name, available: true, reason: undefined }
  try {
    const backend = await plugin.create()
    await backend.dispose()
    return { name, available: true, reason: undefined }
  } catch (error) {
    return { name, available: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
