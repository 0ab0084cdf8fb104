import { cpu } from '@qkv/backend-cpu'
import { createReferenceBackend } from '@qkv/tensor'
import { backendNames } from './backend-names.ts'
import type { OfferedBackend } from './offered-backend.ts'
import { webGpuOnDemand } from './webgpu-on-demand.ts'

/**
 * What `backendNames` names. gpu.js is not among them for its size alone, 182 KB compressed against the 27 KB of webgpu: the
 * pages' policy forbids functions made from text, but its WebGL 2 kernels are none, and workers do not take the policy over.
 */
export function offeredBackends(): readonly OfferedBackend[] {
  const known: Readonly<Record<(typeof backendNames)[number], OfferedBackend>> = {
    cpu: cpu(),
    webgpu: webGpuOnDemand(),
    reference: { name: 'reference', create: () => createReferenceBackend() },
  }
  return backendNames.map((name) => known[name])
}
