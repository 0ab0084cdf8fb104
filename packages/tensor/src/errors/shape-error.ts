import { QkvError } from './qkv-error.ts'

/** A shape does not fit the operation. */
export class ShapeError extends QkvError {}
