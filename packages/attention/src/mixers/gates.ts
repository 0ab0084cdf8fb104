import { constant, type Initializer, normal } from '@qkv/nn'
import { linear, type Tensor, transpose } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { ParameterDeclaration, PartSizes } from '../part.ts'
import { splitHeads } from '../heads.ts'

/** The parameters `<name>Weight` and `<name>Bias` of numbers that come from the layer's input: `perHead` for each head. */
export function gateParameters(
  name: string,
  options: { readonly perHead?: (sizes: PartSizes) => number; readonly bias?: Initializer } = {},
): Readonly<Record<string, ParameterDeclaration>> {
  const { perHead = () => 1, bias = constant(0) } = options
  const size = (sizes: PartSizes): number => sizes.heads * perHead(sizes)
  return {
    [`${name}Weight`]: {
      owner: 'attention',
      shape: (sizes) => [size(sizes), sizes.width],
      initializer: (init, shape) => normal({ standardDeviation: shape[1]! ** -0.5 })(init, shape),
    },
    [`${name}Bias`]: { owner: 'attention', shape: (sizes) => [size(sizes)], initializer: bias },
  }
}

/** One number for each head and position, `[batch, heads, length]`, from the layer's input `[batch, length, width]`. */
export function gateOf(context: AttentionContext, name: string, input: Tensor): Tensor {
  return transpose(gateRows(context, name, input))
}

/** `[batch, heads, length, perHead]` */
export function gateOfHeads(context: AttentionContext, name: string, input: Tensor): Tensor {
  return splitHeads(gateRows(context, name, input), context.heads)
}

function gateRows(context: AttentionContext, name: string, input: Tensor): Tensor {
  return linear(input, context.parameter(`${name}Weight`), context.parameter(`${name}Bias`))
}
