import type { Device } from './device.ts'
import type { Tensor } from './tensor.ts'

/**
 * The tensor on another device, through host memory; the same tensor when it is already there.
 *
 * @example
 * const onGpu = await moveTo(gpu, tensor)
 */
export async function moveTo(device: Device, tensor: Tensor): Promise<Tensor> {
  if (tensor.device === device) return tensor
  const { shape, dtype } = tensor
  return device.tensor(await tensor.read(), { shape, dtype })
}
