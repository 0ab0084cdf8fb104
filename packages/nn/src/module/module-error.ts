import { QkvError } from '@qkv/tensor'

/** A tree of modules is put together in a way that would train or save the wrong thing. */
export class ModuleError extends QkvError {}
