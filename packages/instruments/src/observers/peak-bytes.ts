import type { Device } from '@qkv/tensor'

/**
 * The most bytes of tensors that live on a device at one time while `run` runs, those included that live already: counted
 * after each operation, without what a kernel takes and gives back by itself.
 *
 * @example
 * const bytes = peakBytes(device, () => valueAndGrad(() => mean(model.forward(x)), [x]))
 */
export function peakBytes(device: Device, run: () => void): number {
  let peak = device.memory().liveBytes
  const stop = device.observe({
    exit: () => {
      peak = Math.max(peak, device.memory().liveBytes)
    },
  })
  try {
    device.scoped(run)
  } finally {
    stop()
  }
  return peak
}
