import { QkvError } from './qkv-error.ts'

/** An element type does not fit the operation. */
export class DTypeError extends QkvError {}
