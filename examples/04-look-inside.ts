// Reads the attention weights of a running model, through an observer: the model is not changed for it.
import { cpu } from '@qkv/backend-cpu'
import { inspect } from '@qkv/instruments'
import { Gpt2, gpt2Small } from '@qkv/model-zoo'
import { openDevice, RandomStream } from '@qkv/tensor'

const device = await openDevice({ backend: cpu() })
const config = { ...gpt2Small(), vocabularySize: 50, maximumLength: 16, width: 16, heads: 2, layers: 2 }
const model = new Gpt2({ device, random: new RandomStream(1) }, config)

const tokens = device.tensor(new Int32Array([7, 3, 9, 3]), { shape: [1, 4] })
const { captures } = await inspect(device, () => model.forward(tokens), { sites: ['attention.weights'] })

for (const { occurrence, shape, data } of captures) {
  console.log(`layer ${occurrence}: weights [${shape.join(', ')}], axes [batch, heads, query, key]`)
  const [, heads = 0, queries = 0, keys = 0] = shape
  for (let query = 0; query < queries; query++) {
    const row = data.slice(query * keys, (query + 1) * keys)
    console.log(
      `  head 0 of ${heads}, query ${query}: ${Array.from(row, (weight) => weight.toFixed(2)).join(' ')}`,
    )
  }
}
