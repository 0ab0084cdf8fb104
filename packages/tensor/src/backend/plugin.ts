import type { Backend } from './backend.ts'

/** What a backend package exports: a name, and how to make the backend. */
export interface BackendPlugin {
  readonly name: string
  /** Makes the backend, or throws a `BackendError` that says why it cannot run here. */
  create(): Promise<Backend> | Backend
}

/** Which backend was taken, and why those asked for before it were not. */
export interface BackendSelection {
  readonly chosen: string
  readonly rejected: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Names of the backends that are installed; a backend package adds its own by declaration merging:
 *
 * @example
 * declare module '@qkv/tensor' { interface BackendNames { cpu: true } }
 */
export interface BackendNames {}

/** A known name, or any other string. */
export type BackendName = keyof BackendNames | (string & {})
