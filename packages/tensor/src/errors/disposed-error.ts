import { QkvError } from './qkv-error.ts'

/** A tensor was used after it was disposed, donated, or left behind in a scope. */
export class DisposedError extends QkvError {}
