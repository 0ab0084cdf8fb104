import { QkvError } from './qkv-error.ts'

/** A backend is missing, unavailable, or lacks a required operation. */
export class BackendError extends QkvError {}
