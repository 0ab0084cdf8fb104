// Tensors, operations and gradients: fits y = 2x - 1 by gradient descent.
import { cpu } from '@qkv/backend-cpu'
import { add, mean, mul, openDevice, square, sub, valueAndGrad } from '@qkv/tensor'

const device = await openDevice({ backend: cpu() })
const x = device.tensor([-2, -1, 0, 1, 2])
const y = device.tensor([-5, -3, -1, 1, 3])
let slope = device.tensor(0)
let offset = device.tensor(0)

for (let step = 0; step < 60; step++) {
  // Everything made in the scope is freed, but the two tensors that are returned.
  const next = device.scoped(() => {
    const loss = () => mean(square(sub(add(mul(slope, x), offset), y)))
    const { gradients } = valueAndGrad(loss, [slope, offset])
    return [slope, offset].map((value, index) => sub(value, mul(gradients[index]!, 0.2)))
  })
  slope.dispose()
  offset.dispose()
  ;[slope, offset] = next as [typeof slope, typeof offset]
}

console.log(`slope ${(await slope.item()).toFixed(3)}, offset ${(await offset.item()).toFixed(3)}`)
console.log(`live buffers: ${device.memory().liveBuffers}`)
await device.dispose()
