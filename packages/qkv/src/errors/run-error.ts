import { QkvError } from '@qkv/tensor'

/** Work that could not be done as things stand: a folder in use, data that changed. The command ends with exit code 1. */
export class RunError extends QkvError {}
