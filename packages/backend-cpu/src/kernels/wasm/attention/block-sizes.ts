/** The queries of a block and its keys, as in assembly/attention/plan.ts. */
export const lanes = 32
export const keyBlock = 64
export const laneBytes: number = 4 * lanes
/** The words of a block. */
export const blockBytes = 128
/** Eight queries and a block of keys. */
export const panelBlockBytes: number = 32 * keyBlock
