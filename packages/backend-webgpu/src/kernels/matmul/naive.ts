import { forEachIndex, threads } from '../../commands/program.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { assignment, placeOf } from './store-block.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'

/** One element per invocation, straight from memory: what the other variants are measured against. */
export function naivePlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const body = (): string => `
${finishFunction(epilogue)}
${forEachIndex(`  let column = index % parameters.columns;
  let row = (index / parameters.columns) % parameters.rows;
  let product = index / (parameters.columns * parameters.rows);
${batchCode(shape.batchRank)}
  aAt += i32(row) * parameters.aRow;
  bAt += i32(column) * parameters.bColumn;
  var total = 0.0;
  for (var step = 0u; step < parameters.inner; step++) {
    total += a[aAt] * b[bAt];
    aAt += parameters.aColumn;
    bAt += parameters.bRow;
  }
  target_[${placeOf('row', 'column')}] ${assignment(epilogue)} finish(total, column);`)}`
  const size = shape.batches * shape.rows * shape.columns
  return {
    program: productProgram('naive', shape, epilogue, ['f32', 'f32', 'f32'], body),
    size,
    workgroups: Math.ceil(size / threads),
  }
}
