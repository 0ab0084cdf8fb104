import type { BackendPlugin } from '@qkv/tensor'

/** A backend in one of its modes. */
export interface Cell {
  readonly name: string
  readonly plugin: BackendPlugin
  /** Whether it computes away from JavaScript, where no definition in TypeScript may run. */
  readonly computesAway: boolean
}
