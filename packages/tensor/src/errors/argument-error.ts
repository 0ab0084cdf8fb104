import { QkvError } from './qkv-error.ts'

/** An argument other than a tensor is out of range or of the wrong kind. */
export class ArgumentError extends QkvError {}
