import type { Device, HostArray, Tensor } from '@qkv/tensor'

/** Computes tensors in a scope of their own, copies them to host memory, and frees them. They must be new ones. */
export async function readComputed(
  device: Device,
  compute: () => readonly Tensor[],
): Promise<readonly HostArray[]> {
  const tensors = device.scoped(compute)
  try {
    return await Promise.all(tensors.map((tensor) => tensor.read()))
  } finally {
    for (const tensor of tensors) tensor.dispose()
  }
}
