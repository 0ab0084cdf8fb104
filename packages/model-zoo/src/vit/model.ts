import { compose, dropout, type PartFactory, PositionEmbedding, resolveParts } from '@qkv/attention'
import {
  Dropout,
  type Initialization,
  Linear,
  Module,
  normal,
  Parameter,
  type QuantizedLinear,
} from '@qkv/nn'
import { add, ArgumentError, concat, reshape, slice, type Tensor, zeros } from '@qkv/tensor'
import { TransformerEncoder } from '../transformer/encoder.ts'
import type { VitConfig } from './config.ts'
import { cutPatches } from './patches.ts'

/**
 * The Vision Transformer: an image is a sequence of patches, and a class token in front of them learns to tell what it
 * shows.
 *
 * Source: Dosovitskiy et al. 2020, An Image is Worth 16x16 Words, section 3.1.
 *
 * @example
 * const model = new Vit({ device, random: new RandomStream(1) }, { ...vitBase(), imageSize: [32, 32], patchSize: 4 })
 * const logits = model.forward(images) // [batch, classes] from [batch, channels, height, width]
 */
export class Vit extends Module {
  readonly patches: Linear | QuantizedLinear
  readonly classToken: Parameter
  readonly positions: PositionEmbedding
  readonly embeddingDropout: Dropout
  readonly encoder: TransformerEncoder
  readonly output: Linear | QuantizedLinear
  readonly #config: VitConfig

  /** `plugins` are attention parts of other packages, by name. Throws an `ArgumentError` for sizes that do not fit. */
  constructor(init: Initialization, config: VitConfig, plugins?: ReadonlyMap<string, PartFactory>) {
    super()
    this.#config = config
    const { width, heads, channels, patchSize, classes } = config
    const maximumLength = patchCount(config) + 1
    const dropoutPart = config.attentionDropout > 0 ? [dropout({ rate: config.attentionDropout })] : []
    const composition = compose([...resolveParts(config.attention, plugins), ...dropoutPart])
    const sizes = { width, heads, keyHeads: heads, headSize: width / heads, maximumLength }
    this.patches = new Linear(init, { inputSize: channels * patchSize ** 2, outputSize: width })
    this.classToken = new Parameter(init, {
      shape: [width],
      initializer: normal({ standardDeviation: 0.02 }),
    })
    this.positions = new PositionEmbedding(init, composition, sizes)
    this.embeddingDropout = new Dropout({ rate: config.dropout })
    this.encoder = new TransformerEncoder(
      init,
      { ...config, norm: 'pre', finalNorm: true, maximumLength },
      composition,
    )
    this.output = new Linear(init, { inputSize: width, outputSize: classes })
  }

  get config(): VitConfig {
    return this.#config
  }

  /** Scores of the classes: `[batch, channels, height, width]` to `[batch, classes]`. */
  forward(images: Tensor): Tensor {
    return images.device.scoped(() => {
      const first = slice(this.hidden(images), [{}, { size: 1 }])
      return this.output.forward(reshape(first, [images.shape[0]!, this.#config.width]))
    })
  }

  /** The class token and the patches after the encoder, `[batch, 1 + patches, width]`. */
  hidden(images: Tensor): Tensor {
    return images.device.scoped(() => {
      const patches = this.patches.forward(cutPatches(images, this.#config.patchSize))
      const [batch, , width] = patches.shape as [number, number, number]
      const first = add(zeros(images.device, [batch, 1, width]), this.classToken.value)
      const embedded = this.positions.forward(concat([first, patches], { axis: 1 }), 0)
      return this.encoder.forward(this.embeddingDropout.forward(embedded), 'none')
    })
  }
}

function patchCount({ imageSize, patchSize }: VitConfig): number {
  const [height, width] = imageSize
  if (height % patchSize === 0 && width % patchSize === 0) return (height / patchSize) * (width / patchSize)
  throw new ArgumentError({
    operation: 'Vit',
    argument: 'patchSize',
    got: `is ${patchSize}`,
    expected: `a number that divides the image size ${height} x ${width}`,
    fix: 'Change one of the two.',
  })
}
