import { type OpCall, type OpInput, stridesOf } from '@qkv/tensor'
import type { Arena } from '../../../memory/arena.ts'
import { copyDense } from '../../copy.ts'

/**
 * A call whose inputs at these places have rows of elements next to each other, as most have; others are copied. The copies are
 * released when `run` returns.
 */
export function withDenseRows<Result>(
  call: OpCall,
  arena: Arena,
  places: readonly number[],
  run: (call: OpCall) => Result,
): Result {
  const scattered = places.filter((place) => !hasDenseRows(call.inputs[place]!))
  if (scattered.length === 0) return run(call)
  const copies = scattered.map((place) => copyDense(call.inputs[place]!, arena))
  const inputs = call.inputs.map((input, place): OpInput => {
    const copy = copies[scattered.indexOf(place)]
    return copy
      ? { ...input, handle: copy, layout: { strides: stridesOf(input.spec.shape), offset: 0 } }
      : input
  })
  const result = run({ ...call, inputs })
  for (const copy of copies) arena.release(copy)
  return result
}

function hasDenseRows({ spec, layout }: OpInput): boolean {
  return spec.shape.at(-1)! <= 1 || layout.strides.at(-1) === 1
}
