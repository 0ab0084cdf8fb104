import { type Block, outputBlock, type PictureConfig, stackBlocks, type SublayerBlocks } from './blocks.ts'

/** Across in per cent of the picture's width, down in pixels. */
export interface PlacedBlock {
  readonly block: Block
  readonly left: number
  readonly right: number
  readonly top: number
  readonly height: number
}

export type Path = readonly (readonly [x: number, y: number])[]

export interface PictureLayout {
  readonly height: number
  readonly blocks: readonly PlacedBlock[]
  /** Grounds of the layers. */
  readonly layers: readonly {
    readonly stack: 'encoder' | 'decoder'
    readonly layer: number
    readonly top: number
    readonly height: number
  }[]
  /** The residual streams. */
  readonly streams: readonly Path[]
  /** What leaves a stream, and comes back to it. */
  readonly branches: readonly Path[]
  /** From the encoder's output to each cross-attention. */
  readonly memory: readonly Path[]
  /** Where a branch is added to its stream. */
  readonly sums: readonly (readonly [x: number, y: number])[]
}

const columns = {
  encoder: { stream: 5, left: 11, right: 45, outer: 1 },
  decoder: { stream: 95, left: 55, right: 89, outer: 99 },
} as const
const memoryColumn = 50
const runHeight = 34
const normHeight = 20
const endHeight = 36
const gap = 6

/** Everything that is drawn, collected from the bottom up; heights are turned round at the end. */
class Sketch {
  readonly blocks: PlacedBlock[] = []
  readonly layers: PictureLayout['layers'][number][] = []
  readonly streams: Path[] = []
  readonly branches: Path[] = []
  readonly memory: Path[] = []
  readonly sums: [number, number][] = []
}

/** Places the blocks of a model as figure 1 of the paper does: inputs below, encoder left, decoder right. */
export function layOut(config: PictureConfig): PictureLayout {
  const sketch = new Sketch()
  const encoderTop = drawStack(sketch, 'encoder', config)
  const decoderTop = drawStack(sketch, 'decoder', config)
  const outputBottom = decoderTop + 14
  const { decoder } = columns
  sketch.blocks.push({
    block: outputBlock,
    left: decoder.left,
    right: decoder.outer,
    top: outputBottom,
    height: endHeight,
  })
  sketch.streams.push([
    [decoder.stream, decoderTop],
    [decoder.stream, outputBottom],
  ])
  drawMemory(sketch, encoderTop)
  const height = outputBottom + endHeight + 4
  const turn = (path: Path): Path => path.map(([x, y]) => [x, height - y])
  const turnBox = <Box extends { readonly top: number; readonly height: number }>(box: Box): Box => ({
    ...box,
    top: height - box.top - box.height,
  })
  return {
    height,
    blocks: sketch.blocks.map(turnBox),
    layers: sketch.layers.map(turnBox),
    streams: sketch.streams.map(turn),
    branches: sketch.branches.map(turn),
    memory: sketch.memory.map(turn),
    sums: sketch.sums.map(([x, y]) => [x, height - y]),
  }
}

/** Draws a stack from its embedding up, and returns the height of its end. */
function drawStack(sketch: Sketch, stack: 'encoder' | 'decoder', config: PictureConfig): number {
  const { embedding, layers, finalNorm } = stackBlocks(stack, config)
  const { stream, left, right, outer } = columns[stack]
  const onStream = { left: Math.min(left, outer), right: Math.max(right, outer) }
  sketch.blocks.push({ block: embedding, ...onStream, top: 4, height: endHeight })
  const start = 4 + endHeight
  let y = start + 14
  for (const [layer, sublayers] of layers.entries()) {
    const bottom = y
    for (const sublayer of sublayers) y = drawSublayer(sketch, stack, sublayer, config.norm, y)
    y += gap
    sketch.layers.push({ stack, layer, top: bottom, height: y - bottom })
    y += 10
  }
  if (finalNorm) {
    sketch.blocks.push({ block: finalNorm, ...onStream, top: y, height: normHeight })
    sketch.streams.push([
      [stream, start],
      [stream, y],
    ])
    return y + normHeight
  }
  sketch.streams.push([
    [stream, start],
    [stream, y],
  ])
  return y
}

function drawSublayer(
  sketch: Sketch,
  stack: 'encoder' | 'decoder',
  { run, norm }: SublayerBlocks,
  placement: PictureConfig['norm'],
  bottom: number,
): number {
  const { stream, left, right, outer } = columns[stack]
  const middle = (left + right) / 2
  const leaving = bottom + gap
  let y = leaving + gap
  if (placement === 'pre') {
    sketch.blocks.push({ block: norm, left, right, top: y, height: normHeight })
    y += normHeight + gap
  }
  sketch.blocks.push({ block: run, left, right, top: y, height: runHeight })
  const sum = y + runHeight + gap
  sketch.branches.push([
    [stream, leaving],
    [middle, leaving],
    [middle, sum],
    [stream, sum],
  ])
  sketch.sums.push([stream, sum])
  if (placement === 'pre') return sum + gap
  const top = sum + gap + 5
  const onStream = { left: Math.min(left, outer), right: Math.max(right, outer) }
  sketch.blocks.push({ block: norm, ...onStream, top, height: normHeight })
  return top + normHeight
}

function drawMemory(sketch: Sketch, encoderTop: number): void {
  const { stream } = columns.encoder
  const targets = sketch.blocks
    .filter(({ block }) => block.kind === 'cross-attention')
    .map(({ top, height, left }) => [left, top + height / 2] as const)
  if (targets.length === 0) return
  const level = encoderTop + 12
  const heights = [level, ...targets.map(([, y]) => y)]
  sketch.memory.push([
    [stream, encoderTop],
    [stream, level],
    [memoryColumn, level],
  ])
  sketch.memory.push([
    [memoryColumn, Math.min(...heights)],
    [memoryColumn, Math.max(...heights)],
  ])
  for (const [x, y] of targets) {
    sketch.memory.push([
      [memoryColumn, y],
      [x, y],
    ])
  }
}
