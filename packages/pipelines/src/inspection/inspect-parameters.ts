import { Embedding, LayerNorm, Linear, type Module, QuantizedLinear, RMSNorm } from '@qkv/nn'
import { dequantize, type DType, norm, reshape, type Tensor } from '@qkv/tensor'
import { readComputed } from './read-computed.ts'

/** One parameter of a model. */
export interface ParameterInspection {
  /** Its place, such as `encoder.layers.0.selfAttention.query.weight`. */
  readonly path: string
  readonly shape: readonly number[]
  /** What the axes are; empty for a parameter of another kind of layer. */
  readonly axes: readonly string[]
  /** `int8` for a weight that is stored in 8 bits, with its scales. */
  readonly dtype: DType
  /** Number of elements. */
  readonly size: number
  /** L2 norm of all elements; of a weight in 8 bits, of what it stands for. */
  readonly norm: number
}

/** Axes of parameters by the layer that holds them. */
const layers = [
  { kinds: [Linear, QuantizedLinear], axes: { weight: ['output', 'input'], bias: ['output'] } },
  { kinds: [Embedding], axes: { table: ['vocabulary', 'width'] } },
  { kinds: [LayerNorm, RMSNorm], axes: { weight: ['width'], bias: ['width'] } },
] as const

/**
 * All parameters of a model, in the order of its fields: shapes by axis, counts and norms. A tied one is there once, at the
 * path that owns it; of a layer in 8 bits the weight is one of them.
 *
 * @example
 * const parameters = await inspectParameters(translator.model)
 * parameters.find(({ path }) => path === 'targetEmbedding.table') // { axes: ['vocabulary', 'width'], norm: 53.1, ... }
 */
export async function inspectParameters(model: Module): Promise<readonly ParameterInspection[]> {
  const found = findTensors(model)
  const norms = await Promise.all(
    found.map(async ({ tensor, scale }) => {
      const [numbers] = await readComputed(tensor.device, () => {
        const values = scale ? dequantize(tensor, scale) : tensor
        return [norm(reshape(values, [tensor.size]), { axis: 0 })]
      })
      return numbers![0]!
    }),
  )
  return found.map(({ path, axes, tensor }, index) => {
    const { shape, dtype, size } = tensor
    return { path, axes, shape, dtype, size, norm: norms[index]! }
  })
}

interface FoundTensor {
  readonly path: string
  readonly axes: readonly string[]
  readonly tensor: Tensor
  readonly scale?: Tensor
}

function findTensors(model: Module): readonly FoundTensor[] {
  const parameters = model.parameters()
  const modules = [...model.modules()]
  const placed = modules.flatMap(([place, module]) => {
    const at = (name: string): string => (place === '' ? name : `${place}.${name}`)
    const quantized =
      module instanceof QuantizedLinear
        ? [{ path: at('weight'), tensor: module.weight.value, scale: module.scale.value }]
        : []
    const own = [...parameters].flatMap(([path, { value }]) => {
      const name = path.slice(path.lastIndexOf('.') + 1)
      return path === at(name) ? [{ path, tensor: value }] : []
    })
    return [...quantized, ...own].map((each) => ({ ...each, axes: axesOf(module, each.path) }))
  })
  const paths = new Set(placed.map(({ path }) => path))
  // Parameters in a map or list of their module, such as those of attention parts.
  const others = [...parameters].flatMap(([path, { value }]) =>
    paths.has(path) ? [] : [{ path, tensor: value, axes: [] }],
  )
  return [...placed, ...others]
}

function axesOf(module: Module, path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const layer = layers.find(({ kinds }) => kinds.some((kind) => module instanceof kind))
  const axes: Readonly<Record<string, readonly string[]>> = layer?.axes ?? {}
  return axes[name] ?? []
}
