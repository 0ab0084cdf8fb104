import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { compose } from './compose.ts'
import { noMask } from './masks/mask.ts'
import { MultiHeadAttention } from './multi-head-attention.ts'
import { additive } from './parts/score/additive.ts'

test('a composition that is not fused shows its scores and weights to observers too', () => {
  const device = new Device(createReferenceBackend())
  const composition = compose([additive()])
  expect(composition.unfusable).toBeDefined()
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(1) },
    { width: 4, heads: 2, composition },
  )
  const seen = new Map<string, Tensor>()
  device.observe({
    exit({ op, attrs }, [output]) {
      if (op.name === 'qkv/tag') seen.set((attrs as { site: string }).site, output!)
    },
  })
  const scope = device.scope()
  const x = device.tensor(
    Float32Array.from({ length: 12 }, (_, index) => Math.cos(index)),
    { shape: [1, 3, 4] },
  )
  device.scoped(() => {
    attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' })
  })
  scope.dispose()
  expect([...seen.keys()]).toEqual(['attention.scores', 'attention.weights'])
  expect(seen.get('attention.weights')!.shape).toEqual([1, 2, 3, 3])
})
