import type { Initializer } from '@qkv/nn'
import { broadcastTo, linear, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import { splitHeads } from '../heads.ts'
import type { AttentionPart, PartSizes } from '../part.ts'
import { trainedBias, trainedMap } from './trained-map.ts'

/** What a part declares whose queries are trained rows `[count, width]`, under a name of its own: each row has one output. */
export type TrainedQueries = Required<
  Pick<AttentionPart, 'outputs' | 'cacheable' | 'excludes' | 'selfOnly' | 'parameters' | 'project'>
>

/** Queries from trained rows, keys and values from the input, all with biases. */
export function trainedQueries(rows: {
  readonly name: string
  readonly count: number
  readonly initializer: Initializer
}): TrainedQueries {
  const { name, count, initializer } = rows
  const columns = ({ heads, headSize }: PartSizes): number => heads * headSize
  const keyColumns = ({ keyHeads, headSize }: PartSizes): number => keyHeads * headSize
  return {
    outputs: count,
    cacheable: false,
    excludes: {
      causal: `its ${name} have no position`,
      gated: `its ${name} have no rows of the input to be gated by`,
    },
    selfOnly: `its queries are its ${name}, and no input's`,
    parameters: {
      [name]: { owner: 'attention', shape: ({ width }) => [count, width], initializer },
      query: trainedMap(columns),
      queryBias: trainedBias(columns),
      key: trainedMap(keyColumns),
      keyBias: trainedBias(keyColumns),
      value: trainedMap(keyColumns),
      valueBias: trainedBias(keyColumns),
    },
    project(context, _, keyInput) {
      const batch = keyInput.shape[0]!
      const trained = context.parameter(name)
      return {
        query: mapped(context, 'query', broadcastTo(trained, [batch, ...trained.shape]), context.heads),
        key: mapped(context, 'key', keyInput, context.keyHeads),
        value: mapped(context, 'value', keyInput, context.keyHeads),
      }
    },
  }
}

function mapped(context: AttentionContext, name: string, rows: Tensor, heads: number): Tensor {
  return splitHeads(linear(rows, context.parameter(name), context.parameter(`${name}Bias`)), heads)
}
