import type { Backend, BackendPlugin } from '@qkv/tensor'
import type { AdapterReport } from './device-api.ts'

/** A backend that the pages offer. */
export interface OfferedBackend extends BackendPlugin {
  /** Throws why it does not run here; where it is absent, making one tells. */
  probe?(): Promise<void>
  /** The GPU that one of its backends computes on. */
  describeAdapter?(backend: Backend): Promise<AdapterReport | undefined>
}
