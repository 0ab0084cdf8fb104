import { forEachIndex, threads } from '../../commands/program.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { type Reading, readingOf } from './matrix.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'

const lanes = ['x', 'y', 'z', 'w'] as const
const four = [0, 1, 2, 3] as const

/**
 * Each invocation makes four rows by four columns in registers: 64 multiplications for eight vectors that are read. Without
 * barriers it is the fastest on software GPUs, and on any for small products.
 */
export function directPlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const { rows, inner, columns, batches } = shape
  // Vectors along the inner axis must not reach past its end, and those across it are read four at a time.
  const whole = inner % 4 === 0
  const readA = whole ? readingOf(shape.a, rows, inner) : 'strided'
  const readB = whole ? readingOf(shape.b, inner, columns) : 'strided'
  const blockRows = rows < 4 && readA !== 'columns' ? 1 : 4
  const wide = columns % 4 === 0
  const types = [
    wide ? 'vec4f' : 'f32',
    readA === 'strided' ? 'f32' : 'vec4f',
    readB === 'strided' ? 'f32' : 'vec4f',
  ] as const
  const key = `direct/${readA}/${readB}/${blockRows}/${wide}`
  const size = batches * Math.ceil(rows / blockRows) * Math.ceil(columns / 4)
  return {
    program: productProgram(key, shape, epilogue, types, () =>
      bodyOf(shape.batchRank, epilogue, readA, readB, blockRows, wide),
    ),
    size,
    workgroups: Math.ceil(size / threads),
  }
}

function bodyOf(
  batchRank: number,
  epilogue: Epilogue,
  readA: Reading,
  readB: Reading,
  blockRows: 1 | 4,
  wide: boolean,
): string {
  const rows = four.slice(0, blockRows)
  return `
${finishFunction(epilogue)}
fn finishAll(value: vec4f, column: u32) -> vec4f {
  return vec4f(${lanes.map((lane, index) => `finish(value.${lane}, column + ${index}u)`).join(', ')});
}
${readA === 'strided' ? guardedRead('a', 'aRow', 'aColumn', 'rows', 'inner') : ''}
${readB === 'strided' ? guardedRead('b', 'bRow', 'bColumn', 'inner', 'columns') : ''}
${forEachIndex(`  let rowBlocks = (parameters.rows + ${blockRows - 1}u) / ${blockRows}u;
  let columnBlocks = (parameters.columns + 3u) / 4u;
  let column = (index % columnBlocks) * 4u;
  let row = ((index / columnBlocks) % rowBlocks) * ${blockRows}u;
  let product = index / (columnBlocks * rowBlocks);
${batchCode(batchRank)}
${rows.map((row) => `  var total${row} = vec4f();`).join('\n')}
${startOf('a', readA, 'row', rows.length, 'aRow', 'aColumn', 'rows')}
${startOf('b', readB, 'column', 4, 'bColumn', 'bRow', 'columns')}
  for (var step = 0u; step < parameters.inner; step += 4u) {
${loadA(readA, rows)}
${loadB(readB)}
${rows.map((row) => `    total${row} += ${lanes.map((lane, step) => `a${row}.${lane} * b${step}`).join(' + ')};`).join('\n')}
  }
${rows.map((row) => storeRow(row, wide)).join('\n')}`)}`
}

/** A read of one element, 0 outside of the matrix. */
function guardedRead(name: string, rowStride: string, columnStride: string, rows: string, columns: string): string {
  return `
fn ${name}Element(start: i32, row: u32, column: u32) -> f32 {
  if (row >= parameters.${rows} || column >= parameters.${columns}) { return 0.0; }
  return ${name}[start + i32(row) * parameters.${rowStride} + i32(column) * parameters.${columnStride}];
}`
}

/**
 * The places of vectors, in vectors: along the inner axis one for each of the block's lines, which are moved inside where they are
 * outside (what they make is not stored); across it a first one.
 */
function startOf(
  name: 'a' | 'b',
  reading: Reading,
  line: string,
  count: number,
  lineStride: string,
  innerStride: string,
  limit: string,
): string {
  const alongInner = name === 'a' ? 'rows' : 'columns'
  if (reading === 'strided') return ''
  if (reading === alongInner) {
    return four
      .slice(0, count)
      .map(
        (index) =>
          `  var ${name}Place${index} = (${name}At + i32(min(${line} + ${index}u, parameters.${limit} - 1u)) * parameters.${lineStride}) / 4;`,
      )
      .join('\n')
  }
  return `  var ${name}Place = (${name}At + i32(${line})) / 4;
  let ${name}Step = parameters.${innerStride} / 4;`
}

/** Declares `a0` to `a3`: a vector of four inner steps for each row. */
function loadA(reading: Reading, rows: readonly number[]): string {
  if (reading === 'strided') {
    return rows
      .map((row) => `    let a${row} = vec4f(${four.map((step) => `aElement(aAt, row + ${row}u, step + ${step}u)`).join(', ')});`)
      .join('\n')
  }
  if (reading === 'rows') return rows.map((row) => `    let a${row} = a[aPlace${row}];\n    aPlace${row} += 1;`).join('\n')
  return [
    ...four.map((step) => `    let across${step} = a[aPlace + ${step} * aStep];`),
    '    aPlace += 4 * aStep;',
    ...rows.map((row) => `    let a${row} = vec4f(${four.map((step) => `across${step}.${lanes[row]}`).join(', ')});`),
  ].join('\n')
}

/** Declares `b0` to `b3`: a vector of four columns for each inner step. */
function loadB(reading: Reading): string {
  if (reading === 'strided') {
    return four
      .map((step) => `    let b${step} = vec4f(${four.map((column) => `bElement(bAt, step + ${step}u, column + ${column}u)`).join(', ')});`)
      .join('\n')
  }
  if (reading === 'rows') {
    return [...four.map((step) => `    let b${step} = b[bPlace + ${step} * bStep];`), '    bPlace += 4 * bStep;'].join('\n')
  }
  return [
    ...four.map((column) => `    let along${column} = b[bPlace${column}];\n    bPlace${column} += 1;`),
    ...four.map((step) => `    let b${step} = vec4f(${four.map((column) => `along${column}.${lanes[step]}`).join(', ')});`),
  ].join('\n')
}

function storeRow(row: number, wide: boolean): string {
  const start = `(product * parameters.rows + row + ${row}u) * parameters.columns + column`
  const inside = `row + ${row}u < parameters.rows`
  if (wide) return `  if (${inside}) { target_[(${start}) / 4u] = finishAll(total${row}, column); }`
  const stores = lanes.map(
    (lane, index) =>
      `    if (column + ${index}u < parameters.columns) { target_[start${row} + ${index}u] = finish(total${row}.${lane}, column + ${index}u); }`,
  )
  return `  if (${inside}) {\n    let start${row} = ${start};\n${stores.join('\n')}\n  }`
}
