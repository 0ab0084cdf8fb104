// A new attention idea is one object: here a bias that prefers keys a given distance back, trained with the model.
import { type AttentionPart, compose, MultiHeadAttention, noMask, causal, scaledDot } from '@qkv/attention'
import { cpu } from '@qkv/backend-cpu'
import { zeros } from '@qkv/nn'
import { add, arange, mul, neg, openDevice, RandomStream, reshape, square, sub } from '@qkv/tensor'

function distanceBias({ distance }: { readonly distance: number }): AttentionPart {
  return {
    name: 'distance-bias',
    source: 'this example',
    parameters: {
      strength: { owner: 'attention', shape: ({ heads }) => [1, heads, 1, 1], initializer: zeros() },
    },
    bias(context, scores) {
      const { device, queryStart, queryLength, keyLength } = context
      const queries = reshape(arange(device, queryLength, { start: queryStart, dtype: 'float32' }), [
        queryLength,
        1,
      ])
      const keys = arange(device, keyLength, { dtype: 'float32' })
      const offset = sub(sub(queries, keys), distance)
      return add(scores, mul(neg(square(offset)), context.parameter('strength')))
    },
  }
}

const device = await openDevice({ backend: cpu() })
const composition = compose([scaledDot(), distanceBias({ distance: 1 }), causal()])
const attention = new MultiHeadAttention(
  { device, random: new RandomStream(1) },
  { width: 8, heads: 2, composition },
)
const x = device.tensor(
  Float32Array.from({ length: 2 * 5 * 8 }, (_, index) => Math.sin(index)),
  { shape: [2, 5, 8] },
)
const output = attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' })

console.log(composition.name)
console.log([...attention.parameters().keys()].join(' '))
console.log(`output [${output.shape.join(', ')}]`)
console.log(`fused: ${composition.unfusable ?? 'yes'}`)
