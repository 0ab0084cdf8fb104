import { Buffer, type Initialization, Parameter } from '@qkv/nn'
import { ArgumentError, type Tensor } from '@qkv/tensor'
import type { AttentionPart, PartOwner, PartSizes } from './part.ts'

/** Parameters and buffers by part and name, as fields of the module that owns them. */
export type PartState = Readonly<Record<string, Readonly<Record<string, Parameter | Buffer>>>>

/** Makes what the parts declare for one owner; parts that declare nothing have no entry. */
export function createPartState(
  init: Initialization,
  parts: readonly AttentionPart[],
  owner: PartOwner,
  sizes: PartSizes,
): PartState {
  const state: Record<string, Record<string, Parameter | Buffer>> = {}
  for (const part of parts) {
    const entries: Record<string, Parameter | Buffer> = {}
    for (const [name, declaration] of Object.entries(part.parameters ?? {})) {
      if (declaration.owner !== owner) continue
      const { initializer } = declaration
      entries[name] = new Parameter(init, { shape: declaration.shape(sizes), initializer })
    }
    for (const [name, declaration] of Object.entries(part.buffers ?? {})) {
      if (declaration.owner !== owner) continue
      const { shape, data } = declaration.create(sizes)
      entries[name] = new Buffer(init.device.tensor(data, { shape }), { persistent: declaration.persistent })
    }
    if (Object.keys(entries).length > 0) state[part.name] = entries
  }
  return state
}

/** Reads one part's parameter or buffer; throws an `ArgumentError` when the part declares none of that name. */
export function readPartState(
  state: PartState,
  part: AttentionPart,
  kind: 'parameter' | 'buffer',
  name: string,
): Tensor {
  const entry = state[part.name]?.[name]
  const fits = kind === 'buffer' ? entry instanceof Buffer : entry instanceof Parameter
  if (entry && fits) return entry.value
  const declared = Object.keys((kind === 'buffer' ? part.buffers : part.parameters) ?? {})
  throw new ArgumentError({
    operation: part.name,
    argument: kind,
    got: `is '${name}'`,
    expected:
      declared.length > 0
        ? `one that the part declares for this stage (${declared.join(', ')})`
        : `no ${kind}`,
    fix: `Declare it in the part's \`${kind}s\`, with the owner that uses it.`,
  })
}
