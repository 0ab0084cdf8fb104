import { entryPoint } from '../../commands/program.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'
import { storeCode } from './store-block.ts'

/** Rows and columns of the block that a workgroup makes, and steps of the inner axis that its tiles hold. */
const side = 64
const depth = 16
const lanes = 256

const four = [0, 1, 2, 3] as const

/**
 * Workgroups of 256 invocations make 64 rows by 64 columns: both matrices pass through shared memory in tiles, and each invocation
 * keeps four rows by four columns in registers.
 */
export function tiledPlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const { rows, columns, batches, a, b } = shape
  // Neighbouring invocations read neighbouring elements, whichever axis these lie along.
  const alongA = a.columnStride === 1 ? 'inner' : 'rows'
  const alongB = b.columnStride === 1 ? 'columns' : 'inner'
  const wide = columns % 4 === 0
  const workgroups = batches * Math.ceil(rows / side) * Math.ceil(columns / side)
  return {
    program: productProgram(
      `tiled/${alongA}/${alongB}/${wide}`,
      shape,
      epilogue,
      [wide ? 'vec4f' : 'f32', 'f32', 'f32'],
      () => bodyOf(shape.batchRank, epilogue, alongA, alongB, wide),
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
): string {
  return `
var<workgroup> tileA: array<vec4f, ${(depth * side) / 4}>;
var<workgroup> tileB: array<vec4f, ${(depth * side) / 4}>;
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
  for (var step = 0u; step < parameters.inner; step += ${depth}u) {
${loadTile('A', 'a')}
${loadTile('B', 'b')}
    workgroupBarrier();
    for (var inner = 0u; inner < ${depth}u; inner++) {
      let left = tileA[inner * ${side / 4}u + blockRow];
      let right = tileB[inner * ${side / 4}u + blockColumn];
${four.map((row) => `      total${row} += left[${row}] * right;`).join('\n')}
    }
    workgroupBarrier();
  }
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

function loadTile(tile: 'A' | 'B', name: 'a' | 'b'): string {
  const element = (line: number): string =>
    name === 'a'
      ? `elementOfA(aAt, firstRow + aLine + ${line}u, step + aInner)`
      : `elementOfB(bAt, step + bInner, firstColumn + bLine + ${line}u)`
  return `    tile${tile}[${name}Inner * ${side / 4}u + ${name}Line / 4u] = vec4f(${four.map(element).join(', ')});`
}
