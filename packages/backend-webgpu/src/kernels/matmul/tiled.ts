import { entryPoint } from '../../commands/program.ts'
import { laneReduction } from '../../wgsl/lines.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'
import { storeCode } from './store-block.ts'

/** Rows and columns of the block that a workgroup makes, and steps of the inner axis that its tiles hold. */
const side = 64
const depth = 16
const lanes = 256

const four = [0, 1, 2, 3] as const

/** How the elements of tiles are kept, and the code that this takes around a product. */
interface Tiles {
  readonly vector: 'vec4f' | 'vec4h'
  readonly functions: string
  readonly before: string
  readonly after: string
  readonly store: (name: 'a' | 'b', value: string) => string
}

const float32Tiles: Tiles = {
  vector: 'vec4f',
  functions: '',
  before: '',
  after: '',
  store: (_, value) => value,
}

/**
 * The largest finite element of the rows and of the columns that a workgroup reads comes to lie between 2^14 and 2^15, so that
 * float16 holds all others: gradients are often below what it has without, and sums of activations above.
 */
const float16Tiles: Tiles = {
  vector: 'vec4h',
  functions: `
${laneReduction(lanes, 'peaksOverLanes', 'vec2f', 'max(a, b)')}
fn sizeOf(x: f32) -> f32 { return select(abs(x), 0.0, isNan(x) || isInfinite(x)); }
// A power of two, itself no subnormal.
fn scaleFor(peak: f32) -> f32 {
  let exponent = i32(bitcast<u32>(peak) >> 23u) - 127;
  return bitcast<f32>(u32(min(14 - exponent, 126) + 127) << 23u);
}`,
  before: `  var peaks = vec2f();
  for (var step = 0u; step < parameters.inner; step += ${depth}u) {
    for (var line = 0u; line < 4u; line++) {
      peaks.x = max(peaks.x, sizeOf(elementOfA(aAt, firstRow + aLine + line, step + aInner)));
      peaks.y = max(peaks.y, sizeOf(elementOfB(bAt, step + bInner, firstColumn + bLine + line)));
    }
  }
  peaks = peaksOverLanes(peaks, lane);
  let aScale = scaleFor(peaks.x);
  let bScale = scaleFor(peaks.y);`,
  // One after the other: their product may be beyond float32.
  after: four.map((row) => `  total${row} = total${row} / aScale / bScale;`).join('\n'),
  store: (name, value) => `vec4h(${value} * ${name}Scale)`,
}

/**
 * Workgroups of 256 invocations make 64 rows by 64 columns: both matrices pass through shared memory in tiles, and each invocation
 * keeps four rows by four columns in registers.
 */
export function tiledPlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  return planOf('tiled', shape, epilogue, float32Tiles)
}

/** The same with tiles of float16, which take half of the shared memory and of the time to read it. */
export function tiledFloat16Plan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  return planOf('tiledFloat16', shape, epilogue, float16Tiles)
}

function planOf(key: string, shape: ProductShape, epilogue: Epilogue, tiles: Tiles): ProductPlan {
  const { rows, columns, batches, a, b } = shape
  // Neighbouring invocations read neighbouring elements, whichever axis these lie along.
  const alongA = a.columnStride === 1 ? 'inner' : 'rows'
  const alongB = b.columnStride === 1 ? 'columns' : 'inner'
  const wide = columns % 4 === 0
  const workgroups = batches * Math.ceil(rows / side) * Math.ceil(columns / side)
  return {
    program: productProgram(
      `${key}/${alongA}/${alongB}/${wide}`,
      shape,
      epilogue,
      [wide ? 'vec4f' : 'f32', 'f32', 'f32'],
      () => bodyOf(shape.batchRank, epilogue, alongA, alongB, wide, tiles),
    ),
    size: workgroups,
    workgroups,
  }
}

function bodyOf(
  batchRank: number,
  epilogue: Epilogue,
  alongA: string,
  alongB: string,
  wide: boolean,
  tiles: Tiles,
): string {
  return `
var<workgroup> tileA: array<${tiles.vector}, ${(depth * side) / 4}>;
var<workgroup> tileB: array<${tiles.vector}, ${(depth * side) / 4}>;
${tiles.functions}
${finishFunction(epilogue)}
fn elementOfA(start: i32, row: u32, step: u32) -> f32 {
  if (row >= parameters.rows || step >= parameters.inner) { return 0.0; }
  return a[start + i32(row) * parameters.aRow + i32(step) * parameters.aColumn];
}
fn elementOfB(start: i32, step: u32, column: u32) -> f32 {
  if (step >= parameters.inner || column >= parameters.columns) { return 0.0; }
  return b[start + i32(step) * parameters.bRow + i32(column) * parameters.bColumn];
}
${entryPoint(
  lanes,
  `  if (workgroup >= parameters.size) { return; }
  let columnTiles = (parameters.columns + ${side - 1}u) / ${side}u;
  let rowTiles = (parameters.rows + ${side - 1}u) / ${side}u;
  let firstColumn = (workgroup % columnTiles) * ${side}u;
  let firstRow = ((workgroup / columnTiles) % rowTiles) * ${side}u;
  let product = workgroup / (columnTiles * rowTiles);
${batchCode(batchRank)}
${tilePlace('a', alongA === 'inner')}
${tilePlace('b', alongB === 'inner')}
  let blockRow = lane / 16u;
  let blockColumn = lane % 16u;
${four.map((row) => `  var total${row} = vec4f();`).join('\n')}
${tiles.before}
  for (var step = 0u; step < parameters.inner; step += ${depth}u) {
${loadTile('A', 'a', tiles)}
${loadTile('B', 'b', tiles)}
    workgroupBarrier();
    for (var inner = 0u; inner < ${depth}u; inner++) {
      let left = vec4f(tileA[inner * ${side / 4}u + blockRow]);
      let right = vec4f(tileB[inner * ${side / 4}u + blockColumn]);
${four.map((row) => `      total${row} += left[${row}] * right;`).join('\n')}
    }
    workgroupBarrier();
  }
${tiles.after}
  let row = firstRow + blockRow * 4u;
  let column = firstColumn + blockColumn * 4u;
${four.map((row) => storeCode(row, wide, epilogue)).join('\n')}`,
)}`
}

/** Which four elements of a tile an invocation loads: neighbours across the tile for one step, or one line's steps. */
function tilePlace(name: 'a' | 'b', alongInner: boolean): string {
  return alongInner
    ? `  let ${name}Line = (lane / 16u) * 4u;\n  let ${name}Inner = lane % 16u;`
    : `  let ${name}Line = (lane % 16u) * 4u;\n  let ${name}Inner = lane / 16u;`
}

function loadTile(tile: 'A' | 'B', name: 'a' | 'b', tiles: Tiles): string {
  const element = (line: number): string =>
    name === 'a'
      ? `elementOfA(aAt, firstRow + aLine + ${line}u, step + aInner)`
      : `elementOfB(bAt, step + bInner, firstColumn + bLine + ${line}u)`
  const value = tiles.store(name, `vec4f(${four.map(element).join(', ')})`)
  return `    tile${tile}[${name}Inner * ${side / 4}u + ${name}Line / 4u] = ${value};`
}
