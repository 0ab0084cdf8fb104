import { describeCpuBackend } from '@qkv/backend-cpu'
import { Device, openDevice } from '@qkv/tensor'
import type { BackendReport, DeviceReport } from './device-api.ts'
import type { OfferedBackend } from './offered-backend.ts'
import { offeredBackends } from './offered-backends.ts'

/** The device of an engine. */
export interface DeviceHost {
  /** The open one; throws when there is none. */
  readonly device: Device
  /**
   * Opens a backend by name and closes the one before it, once `clear` has freed what is on that. Throws a `BackendError` when it
   * does not run here, and an error when another one was asked for meanwhile; the one before stays then.
   */
  open(backend: string, clear?: () => Promise<void>): Promise<DeviceReport>
  /** Whether each backend runs here. */
  list(): Promise<readonly BackendReport[]>
  /** Whether the open device still computes. */
  works(): Promise<boolean>
}

/** Makes the host of an engine's device. */
export function createDeviceHost(backends: readonly OfferedBackend[] = offeredBackends()): DeviceHost {
  let device: Device | undefined
  let latest = 0

  function theDevice(): Device {
    if (device) return device
    throw new Error('engine: no device is open, expected openDevice to come first.')
  }

  return {
    get device() {
      return theDevice()
    },
    async open(backend, clear) {
      const turn = ++latest
      await clear?.()
      if (turn !== latest) throw lateError(backend)
      const opened = await openBackend(backend, backends)
      if (turn !== latest) {
        await opened.dispose()
        throw lateError(backend)
      }
      const before = device
      device = opened
      await before?.dispose()
      return report(opened, backends)
    },
    list: () => Promise.all(backends.map((backend) => probe(backend, device))),
    async works() {
      try {
        await theDevice().synchronize()
        return true
      } catch {
        return false
      }
    },
  }
}

async function openBackend(name: string, backends: readonly OfferedBackend[]): Promise<Device> {
  const offered = backends.find((backend) => backend.name === name)
  // Its own words about why it does not run: `openDevice` would wrap them into a sentence about a list.
  return offered ? new Device(await offered.create()) : openDevice({ backend: name, plugins: backends })
}

function lateError(backend: string): Error {
  return new Error(
    `engine: '${backend}' opened after another backend was chosen, expected the one chosen last. Choose it again.`,
  )
}

async function report(device: Device, backends: readonly OfferedBackend[]): Promise<DeviceReport> {
  const description = describeCpuBackend(device.backend)
  const offered = backends.find(({ name }) => name === device.name)
  return {
    chosen: device.name,
    kernels: description && {
      simd: description.simd,
      threads: description.threads,
      reasons: description.reasons,
    },
    adapter: await offered?.describeAdapter?.(device.backend),
    isolated: globalThis.crossOriginIsolated,
  }
}

async function probe(backend: OfferedBackend, open: Device | undefined): Promise<BackendReport> {
  const { name } = backend
  try {
    if (name !== open?.name) await tryOut(backend)
    return { name, available: true, reason: undefined }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {
      name,
      available: false,
      reason: message.startsWith(`${name}: `) ? message : `${name}: ${message}`,
    }
  }
}

async function tryOut(backend: OfferedBackend): Promise<void> {
  if (backend.probe) return backend.probe()
  const made = await backend.create()
  await made.dispose()
}
