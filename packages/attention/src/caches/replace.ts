import type { Tensor } from '@qkv/tensor'

/** Keeps a tensor in place of one that was kept, and gives it back. */
export function replace(old: Tensor | undefined, fresh: Tensor): Tensor {
  const kept = fresh.device.retain(fresh)
  old?.dispose()
  return kept
}
