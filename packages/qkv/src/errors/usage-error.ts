import { QkvError } from '@qkv/tensor'

/** Something that was asked for wrongly: an option, an argument, a name. The command ends with exit code 2. */
export class UsageError extends QkvError {}
