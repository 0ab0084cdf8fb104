import { type OpCall, sizeOf } from '@qkv/tensor'

type Call = Pick<OpCall, 'op' | 'attrs' | 'inputs' | 'outputs'>

/**
 * Multiplications and additions of the products of a call, two per multiply-add. Masks do not shorten an attention,
 * and everything elementwise counts as nothing, as papers count.
 */
export function floatingPointOperations({ op, attrs, inputs, outputs }: Call): number {
  const shapeOf = (index: number): readonly number[] => inputs[index]!.spec.shape
  switch (op.name) {
    case 'qkv/matmul':
    case 'qkv/linear':
    case 'qkv/linearActivation':
      return 2 * sizeOf(outputs[0]!.shape) * shapeOf(0).at(-1)!
    case 'qkv/linearBackward': {
      // One product for the input and one for the weight.
      const [needsX, needsWeight] = (attrs as { readonly needs: readonly boolean[] }).needs
      return 2 * sizeOf(shapeOf(2)) * shapeOf(0).at(-1)! * (Number(needsX) + Number(needsWeight))
    }
    case 'qkv/attention':
      return attentionProducts(shapeOf(0), shapeOf(1), shapeOf(2), { overHeadSize: 1, overValueSize: 1 })
    case 'qkv/attentionBackward':
      // Scores again, gradients of query and key; gradients of value and weights.
      return attentionProducts(shapeOf(0), shapeOf(1), shapeOf(2), { overHeadSize: 3, overValueSize: 2 })
    default:
      return 0
  }
}

function attentionProducts(
  query: readonly number[],
  key: readonly number[],
  value: readonly number[],
  products: { readonly overHeadSize: number; readonly overValueSize: number },
): number {
  const scores = sizeOf(query.slice(0, 3)) * key[2]!
  return 2 * scores * (products.overHeadSize * query[3]! + products.overValueSize * value[3]!)
}
