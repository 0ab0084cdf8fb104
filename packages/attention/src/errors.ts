import { QkvError } from '@qkv/tensor'

/** Parts that cannot work together, or lack something that they need. */
export class CompositionError extends QkvError {}
