import { cpu } from '@qkv/backend-cpu'
import { type BackendPlugin, createReferenceBackend } from '@qkv/tensor'

/** The backends that the cases run on, by name. */
export const backendPlugins: readonly BackendPlugin[] = [
  { name: 'reference', create: () => createReferenceBackend() },
  cpu(),
]
