import { add, Device, exp } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'

test('a device computes on after 20 others were opened and disposed: they give their contexts back', async () => {
  const device = new Device(await createGpujsBackend({ mode: 'webgl2' }))
  const x = device.tensor([1, 2, 3])
  for (let count = 0; count < 20; count++) {
    const other = new Device(await createGpujsBackend({ mode: 'webgl2' }))
    other.scoped(() => exp(other.tensor([1, 2])))
    await other.dispose()
  }
  // Which context is taken away is told between tasks.
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await add(x, 1).read()).toEqual(Float32Array.of(2, 3, 4))
  await device.dispose()
})
