import type { BackendError } from '@qkv/tensor'
import { webGpuError } from '../errors.ts'
import type { GpuProvider } from './gpu-provider.ts'
import type { OpenedGpu } from './open-gpu.ts'

/**
 * Whether a device still works. A GPU tells its errors late: they are kept here, and thrown at whoever calls or waits next.
 */
export class Health {
  readonly #device: GPUDevice
  #gpu: GpuProvider | undefined
  #failure: BackendError | undefined
  /** Rejects when the device is lost: raced against whatever might otherwise wait forever. */
  readonly lost: Promise<never>

  constructor({ device, gpu }: OpenedGpu) {
    this.#device = device
    this.#gpu = gpu
    device.addEventListener('uncapturederror', (event) => this.#refuse(event.error))
    this.lost = device.lost.then((info) => {
      this.#failure = this.#gpu ? lostError(info) : closedError()
      throw this.#failure
    })
    // Whoever waits races against it; with nobody waiting it is no unhandled rejection.
    this.lost.catch(() => {})
  }

  /** Throws when the device is lost or closed, or has refused something. */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  /** Resolves after so many milliseconds, and rejects when the device is lost before. */
  async lossWithin(milliseconds: number): Promise<void> {
    const pause = new Promise<void>((resolve) => {
      setTimeout(resolve, milliseconds)
    })
    await Promise.race([this.lost, pause])
  }

  /** Destroys the device; what is called afterwards throws. */
  close(): void {
    if (!this.#gpu) return
    this.#gpu = undefined
    this.#failure = closedError()
    this.#device.destroy()
  }

  #refuse(error: GPUError): void {
    this.#failure ??= webGpuError({
      argument: 'device',
      got: `refused a command (${error.message})`,
      expected: 'commands and sizes that this GPU takes',
      fix: 'Lower the batch size if memory ran out; otherwise report this as a bug of @qkv/backend-webgpu.',
    })
  }
}

function lostError({ reason, message }: GPUDeviceLostInfo): BackendError {
  return webGpuError({
    argument: 'device',
    got: `was lost (${[reason, message].filter((part) => part).join(': ')})`,
    expected: 'a working GPU',
    fix: 'Open a new device with `openDevice` and load the tensors again; what was on the lost one is gone.',
  })
}

function closedError(): BackendError {
  return webGpuError({
    argument: 'device',
    got: 'was disposed',
    expected: 'an open device',
    fix: 'Open a new one with `openDevice`.',
  })
}
