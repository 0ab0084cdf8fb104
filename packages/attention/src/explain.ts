import { createNullBackend, floatingPointOperations } from '@qkv/instruments'
import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { checkRequired, wholeFrom } from './check-options.ts'
import type { Composition } from './compose.ts'
import { EmbeddedAttention } from './embedded-attention.ts'
import { formatExplanation } from './format-explanation.ts'
import type { Stage } from './part.ts'
import { sampleSideOf } from './sample-side.ts'
import { stageOrder, stagesOf } from './stages-of.ts'

/** For which sizes the cost is asked. */
export interface ExplainSizes {
  /** 1 unless said. */
  readonly batch?: number
  /** Of queries, and of keys. */
  readonly length: number
  readonly width: number
  readonly heads: number
  /** As many as `heads` unless said. */
  readonly keyHeads?: number
  /** `width / heads` unless said. */
  readonly headSize?: number
}

/** What a composition does, and what it costs. */
export interface Explanation {
  readonly name: string
  /** Which parts work at which stage, in the order in which stages run. */
  readonly stages: readonly { readonly stage: Stage; readonly parts: readonly string[] }[]
  /** Whether all of it runs as one operation, or why not. */
  readonly fused: true | string
  /** Which keys (columns) the first queries (rows) of the first head may attend to; `undefined` when all, or without scores. */
  readonly mask: readonly (readonly boolean[])[] | undefined
  /** Trained numbers, those of the output projection and those that are added to the embeddings included. */
  readonly parameters: number
  /** Of matrix products and attention in one forward pass, two per multiply-add; masks do not shorten it. */
  readonly floatingPointOperations: number
  /** The most bytes that live at once in one forward pass besides parameters and inputs. */
  readonly peakBytes: number
  /** A drawing in text. */
  toString(): string
}

/** Masks are drawn for so many positions. */
const drawnLength = 16

/**
 * Explains a composition: which part owns which stage, what its mask looks like, and what it costs for given sizes. Side inputs
 * are those that parts bring for tests.
 *
 * @example
 * console.log(String(explain(compose([scaledDot(), causal()]), { length: 512, width: 256, heads: 4 })))
 */
export function explain(composition: Composition, sizes: ExplainSizes): Explanation {
  const { length, batch = 1 } = sizes
  checkRequired('explain', { length, batch }, wholeFrom(1), 'Give `batch` sequences of `length` positions.')
  const stages = stageOrder
    .map((stage) => ({
      stage,
      parts: composition.parts.filter((part) => stagesOf(part).includes(stage)).map(({ name }) => name),
    }))
    .filter(({ parts }) => parts.length > 0)
  const explanation = {
    name: composition.name,
    stages,
    fused: composition.unfusable ?? (true as const),
    mask: drawMask(composition, sizes),
    ...costOf(composition, sizes),
  }
  return { ...explanation, toString: () => formatExplanation(explanation, sizes) }
}

function costOf(
  composition: Composition,
  sizes: ExplainSizes,
): Pick<Explanation, 'parameters' | 'floatingPointOperations' | 'peakBytes'> {
  const backend = createNullBackend()
  const device = new Device(backend)
  const attention = attentionOn(device, composition, sizes)
  const { batch = 1, length, width } = sizes
  let operations = 0
  const stop = device.observe({
    exit({ op, attrs, inputs }, tensors) {
      operations += floatingPointOperations({ op, attrs, inputs, outputs: tensors.map(({ spec }) => spec) })
    },
  })
  const x = device.tensor(new Float32Array(batch * length * width), { shape: [batch, length, width] })
  const side = sampleSideOf(composition, device, { batch, length })
  const before = backend.memory().liveBytes
  backend.resetPeak()
  device.scoped(() => void attention.forward(x, { side }))
  stop()
  const parameters = [...attention.parameters().values()]
  return {
    parameters: parameters.reduce(
      (sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1),
      0,
    ),
    floatingPointOperations: operations,
    peakBytes: backend.memory().peakBytes - before,
  }
}

function drawMask(composition: Composition, sizes: ExplainSizes): Explanation['mask'] {
  if (!composition.owner('score')) return undefined
  const length = Math.min(sizes.length, drawnLength)
  const device = new Device(createReferenceBackend())
  return device.scoped(() => {
    const attention = attentionOn(device, composition, { ...sizes, length })
    const x = device.tensor(
      Float32Array.from({ length: length * sizes.width }, (_, index) => Math.sin(index + 1)),
      { shape: [1, length, sizes.width] },
    )
    let rows: boolean[][] | undefined
    attention.forward(x, {
      tap(site, tensor) {
        if (site === 'mask') rows = rowsOf(tensor, length)
        return tensor
      },
    })
    return rows
  })
}

/** The first entry and head of a mask that broadcasts to `[batch, heads, query, key]`. */
function rowsOf(keep: Tensor, length: number): boolean[][] {
  const [, , queries, keys] = [1, 1, 1, 1, ...keep.shape].slice(-4) as [number, number, number, number]
  const values = keep.readSync()
  return Array.from({ length }, (_, query) =>
    Array.from({ length }, (_, key) => {
      const row = queries === 1 ? 0 : query
      return values[row * keys + (keys === 1 ? 0 : key)] === 1
    }),
  )
}

function attentionOn(device: Device, composition: Composition, sizes: ExplainSizes): EmbeddedAttention {
  const { length, width, heads, keyHeads, headSize } = sizes
  return new EmbeddedAttention(
    { device, random: new RandomStream(1) },
    {
      width,
      heads,
      composition,
      maximumLength: length,
      ...(keyHeads !== undefined && { keyHeads }),
      ...(headSize !== undefined && { headSize }),
    },
  )
}
