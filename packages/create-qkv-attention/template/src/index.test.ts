import { test } from 'node:test'
import { testAttention, testIdea } from '@qkv/attention/conformance'
import { findBackends } from 'qkv/testing'
import { partFactory } from './index.js'

const { backends, missing } = await findBackends()
for (const { name, reason } of missing) console.log(`not tested on ${name}: ${reason}`)

// Shapes, gradients against finite differences, no leak from the future, padding, caches; and every backend of this machine.
testAttention(() => partFactory(), { test, backends })

// What the paper says, in numbers that were worked out without the part. They have to fail for plain attention, too.
testIdea(() => partFactory(), {
  test,
  ideas: [
    {
      title: 'scores 0 and log 3, times 2, weigh 1 to 9',
      inputs: (device) => ({
        query: device.tensor([[[[1]]]]),
        key: device.tensor([[[[0], [Math.log(3)]]]]),
        value: device.tensor([[[[0], [1]]]]),
      }),
      call: (device) => ({ parameters: { 'PART-NAME': { temperature: device.tensor([2]) } } }),
      expected: [0.9],
    },
  ],
})
