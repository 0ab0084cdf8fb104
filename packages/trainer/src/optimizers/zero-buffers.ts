import { Buffer, type Parameter } from '@qkv/nn'
import { zeros } from '@qkv/tensor'

/** A buffer of zeros for each parameter, like it in shape and on its device. */
export function zeroBuffers(parameters: ReadonlyMap<string, Parameter>): Map<string, Buffer> {
  const buffers = new Map<string, Buffer>()
  try {
    for (const [path, { device, shape }] of parameters) {
      device.scoped(() => {
        buffers.set(path, new Buffer(zeros(device, shape), { persistent: true }))
      })
    }
    return buffers
  } catch (error) {
    for (const buffer of buffers.values()) buffer.dispose()
    throw error
  }
}
