import { entryPoint } from '../../commands/program.ts'
import { laneReduction } from '../../wgsl/lines.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'
import { assignment, placeOf } from './store-block.ts'

const lanes = 64
const four = [0, 1, 2, 3] as const

/**
 * Workgroups make one row by four columns, and share the inner axis: for few rows and a second factor whose columns are
 * neighbours in memory, as when one token passes a linear layer.
 */
export function reducedPlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const workgroups = shape.batches * shape.rows * Math.ceil(shape.columns / 4)
  const body = (): string => `
${finishFunction(epilogue)}
${laneReduction(lanes, 'overLanes', 'vec4f', 'a + b')}
${entryPoint(
  lanes,
  `  if (workgroup >= parameters.size) { return; }
  let columnBlocks = (parameters.columns + 3u) / 4u;
  let column = (workgroup % columnBlocks) * 4u;
  let row = (workgroup / columnBlocks) % parameters.rows;
  let product = workgroup / (columnBlocks * parameters.rows);
${batchCode(shape.batchRank)}
  aAt += i32(row) * parameters.aRow;
${four.map((index) => `  let bAt${index} = bAt + i32(min(column + ${index}u, parameters.columns - 1u)) * parameters.bColumn;`).join('\n')}
  var total = vec4f();
  for (var step = i32(lane); step < i32(parameters.inner); step += ${lanes}) {
    let inner = step * parameters.bRow;
    total += a[aAt + step * parameters.aColumn] * vec4f(${four.map((index) => `b[bAt${index} + inner]`).join(', ')});
  }
  total = overLanes(total, lane);
  if (lane < 4u && column + lane < parameters.columns) {
    target_[${placeOf('row', 'column + lane')}] ${assignment(epilogue)} finish(total[lane], column + lane);
  }`,
)}`
  return {
    program: productProgram('reduced', shape, epilogue, ['f32', 'f32', 'f32'], body),
    size: workgroups,
    workgroups,
  }
}
