import { QkvError } from '@qkv/tensor'

/** A config that cannot be read, or a field of it that cannot be. The command ends with exit code 2. */
export class ConfigError extends QkvError {}
