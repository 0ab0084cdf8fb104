import type { CompositeOp } from '../op.ts'
import type { RandomStream } from '../random/random-stream.ts'
import type { Tensor } from '../tensor.ts'

/**
 * Runs `fn` without storing what its gradient needs; the gradient runs it again. Trades time for memory in deep
 * models. Tensors that `fn` reads without taking them as inputs, such as parameters, get their gradients too.
 *
 * Pass the random stream that `fn` draws from, so that dropout repeats itself.
 *
 * @example
 * for (const layer of layers) hidden = checkpoint((x) => layer.forward(x), [hidden], { random })
 */
export function checkpoint(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly [Tensor, ...Tensor[]],
  options: { readonly random?: RandomStream } = {},
): Tensor {
  const { device } = inputs[0]
  const { random } = options
  if (!device.recording) return device.scoped(() => fn(...inputs))

  const stateBefore = random?.state
  const used = new Set<Tensor>(inputs)
  const stopObserving = device.observe({
    enter(call) {
      // Nothing made in here is marked, since no tape records: a mark means that it came from outside.
      for (const input of call.inputs) if (input.tapes !== 0) used.add(input)
    },
  })
  let output: Tensor
  try {
    output = device.recorder.pause(() => device.scoped(() => fn(...inputs)))
  } finally {
    stopObserving()
  }

  const sources = [...used]
  const tapes = device.recorder.tracking(sources)
  if (tapes === 0) return output
  const op: CompositeOp<object> = {
    name: 'qkv/checkpoint',
    kind: 'composite',
    infer: () => [output.spec],
    decompose() {
      if (!random || !stateBefore) return [fn(...inputs)]
      const stateNow = random.state
      random.state = stateBefore
      try {
        return [fn(...inputs)]
      } finally {
        random.state = stateNow
      }
    },
    saves: { outputs: [] },
    samples: [],
  }
  device.recorder.record(op, sources, [output], {}, [], tapes)
  return output
}
