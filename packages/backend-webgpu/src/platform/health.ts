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
  #lost = false
  readonly #waiting = new Set<(failure: BackendError) => void>()

  constructor({ device, gpu }: Pick<OpenedGpu, 'device' | 'gpu'>) {
    this.#device = device
    this.#gpu = gpu
    device.addEventListener('uncapturederror', (event) => this.#refuse(event.error))
    void device.lost.then((info) => this.#lose(this.#gpu ? lostError(info) : closedError()))
  }

  /** How many wait for the GPU. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Throws when the device is lost or closed, or has refused something. */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  /**
   * What `answer` gives, or the error of the loss when the device is lost before. Not `Promise.race` against one promise of the
   * loss, which would hold on to every wait until the device ends.
   */
  orLoss<Answer>(answer: Promise<Answer>): Promise<Answer> {
    if (this.#lost) return Promise.reject(this.#failure!)
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      answer.finally(() => this.#waiting.delete(reject)).then(resolve, reject)
    })
  }

  /** Resolves after so many milliseconds, and rejects when the device is lost before. */
  lossWithin(milliseconds: number): Promise<void> {
    return this.orLoss(
      new Promise((resolve) => {
        setTimeout(resolve, milliseconds)
      }),
    )
  }

  /** Destroys the device; what is called afterwards throws. */
  close(): void {
    if (!this.#gpu) return
    this.#gpu = undefined
    this.#failure = closedError()
    this.#device.destroy()
  }

  #lose(failure: BackendError): void {
    this.#lost = true
    this.#failure = failure
    for (const reject of this.#waiting) reject(failure)
    this.#waiting.clear()
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
