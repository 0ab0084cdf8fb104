import { BackendError, type ErrorParts } from '@qkv/tensor'

/** A `BackendError` of this backend. */
export function webGpuError(parts: Omit<ErrorParts, 'operation'>): BackendError {
  return new BackendError({ operation: 'webgpu', ...parts })
}
