import { QkvError } from './qkv-error.ts'

/** A gradient was asked for that does not exist. */
export class GradientError extends QkvError {}
