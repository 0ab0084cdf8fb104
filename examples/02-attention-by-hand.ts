// Self-attention with the numbers of a worked example: inputs -> query, key, value -> scores -> weights -> output.
import { cpu } from '@qkv/backend-cpu'
import { matmul, openDevice, softmax, type Tensor, transpose } from '@qkv/tensor'

const device = await openDevice({ backend: cpu() })

const inputs = device.tensor([
  [1, 0, 1, 0],
  [0, 2, 0, 2],
  [1, 1, 1, 1],
])
const keyWeights = device.tensor([
  [0, 0, 1],
  [1, 1, 0],
  [0, 1, 0],
  [1, 1, 0],
])
const queryWeights = device.tensor([
  [1, 0, 1],
  [1, 0, 0],
  [0, 0, 1],
  [0, 1, 1],
])
const valueWeights = device.tensor([
  [0, 2, 0],
  [0, 3, 0],
  [1, 0, 3],
  [1, 1, 0],
])

const key = matmul(inputs, keyWeights)
const query = matmul(inputs, queryWeights)
const value = matmul(inputs, valueWeights)
const scores = matmul(query, transpose(key))
const weights = softmax(scores, { axis: -1 })
const output = matmul(weights, value)

async function show(title: string, tensor: Tensor): Promise<void> {
  const [rows = 0, columns = 0] = tensor.shape
  const values = await tensor.read()
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from(values.slice(row * columns, (row + 1) * columns), (number) => number.toFixed(4)).join('  '),
  )
  console.log(`${title}\n  ${lines.join('\n  ')}`)
}

await show('keys', key)
await show('queries', query)
await show('scores', scores)
await show('weights', weights)
// The article rounds the first row of weights to [0, 0.5, 0.5], and so gets [2, 7, 1.5].
await show('output', output)
await device.dispose()
