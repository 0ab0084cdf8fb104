import { QkvError } from '@qkv/tensor'

/** Work that could not be done as things stand: a file that is damaged, a text that is too long, a folder in use. */
export class RunError extends QkvError {}
