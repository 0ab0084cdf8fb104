import { QkvError } from './qkv-error.ts'

/** Tensors of two devices met in one operation, or a device was used after it was closed. */
export class DeviceError extends QkvError {}
