import { createReferenceBackend, Device } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/** The context of one query and one key, without parameters, buffers and side inputs, but for what is given. */
export function testContext(given: Partial<AttentionContext> = {}): AttentionContext {
  const { device = new Device(createReferenceBackend({ precision: 'float64' })) } = given
  const input = device.tensor([[[0]]])
  const missing = (): never => {
    throw new Error('the test does not give what the part asks for')
  }
  return {
    width: 1,
    heads: 1,
    keyHeads: 1,
    headSize: 1,
    maximumLength: 1,
    device,
    queryInput: input,
    keyInput: input,
    queryStart: 0,
    queryLength: 1,
    keyLength: 1,
    keyStart: 0,
    causal: false,
    training: false,
    parameter: missing,
    buffer: missing,
    sideInput: () => undefined,
    nextKey: missing,
    tap: (_, tensor) => tensor,
    run: missing,
    ...given,
  }
}
