import { forEachIndex, threads } from '../../commands/program.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { type Reading, readingOf } from './matrix.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'
import { storeCode } from './store-block.ts'

const lanes = ['x', 'y', 'z', 'w'] as const
const four = [0, 1, 2, 3] as const

/** How the program of a product reads its operands. */
interface DirectReading {
  readonly a: Reading
  readonly b: Reading
  /** Inner steps at a time: four where both operands can be read as vectors, else one. */
  readonly steps: 1 | 4
  readonly blockRows: 1 | 4
}

/**
 * Each invocation makes four rows by four columns in registers: 64 multiplications for eight vectors that are read. Without
 * barriers it is the fastest on software GPUs, and on any for small products.
 */
export function directPlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const { rows, columns, batches } = shape
  const reading = chooseReading(shape)
  const wide = columns % 4 === 0
  const types = [
    wide ? 'vec4f' : 'f32',
    reading.a === 'strided' ? 'f32' : 'vec4f',
    reading.b === 'strided' ? 'f32' : 'vec4f',
  ] as const
  const size = batches * Math.ceil(rows / reading.blockRows) * Math.ceil(columns / 4)
  const key = [
    'direct',
    reading.a,
    reading.b,
    reading.steps,
    reading.blockRows,
    wide ? 'wide' : 'narrow',
  ].join('/')
  return {
    program: productProgram(key, shape, epilogue, types, () =>
      bodyOf(shape.batchRank, epilogue, reading, wide),
    ),
    size,
    workgroups: Math.ceil(size / threads),
  }
}

function chooseReading({ a, b, rows, inner, columns }: ProductShape): DirectReading {
  const ofA = readingOf(a, rows, inner)
  const ofB = readingOf(b, inner, columns)
  const blockRows = rows < 4 && ofA !== 'columns' ? 1 : 4
  if (inner % 4 === 0 && ofA !== 'strided' && ofB !== 'strided')
    return { a: ofA, b: ofB, steps: 4, blockRows }
  // One step at a time, vectors can only be those across the inner axis.
  return { a: ofA === 'columns' ? ofA : 'strided', b: ofB === 'rows' ? ofB : 'strided', steps: 1, blockRows }
}

function bodyOf(batchRank: number, epilogue: Epilogue, reading: DirectReading, wide: boolean): string {
  const { blockRows, steps } = reading
  const rows = four.slice(0, blockRows)
  const sums = rows.map((row) =>
    steps === 1
      ? `    total${row} += a${row} * b0;`
      : `    total${row} += ${lanes.map((lane, step) => `a${row}.${lane} * b${step}`).join(' + ')};`,
  )
  return `
${finishFunction(epilogue)}
${forEachIndex(`  let rowBlocks = (parameters.rows + ${blockRows - 1}u) / ${blockRows}u;
  let columnBlocks = (parameters.columns + 3u) / 4u;
  let column = (index % columnBlocks) * 4u;
  let row = ((index / columnBlocks) % rowBlocks) * ${blockRows}u;
  let product = index / (columnBlocks * rowBlocks);
${batchCode(batchRank)}
${rows.map((row) => `  var total${row} = vec4f();`).join('\n')}
${startOf('a', reading.a, rows)}
${startOf('b', reading.b, four)}
  for (var step = 0u; step < parameters.inner; step += ${steps}u) {
${steps === 1 ? loadStepOfA(reading.a, rows) : loadA(reading.a, rows)}
${steps === 1 ? loadStepOfB(reading.b) : loadB(reading.b)}
${sums.join('\n')}
  }
${rows.map((row) => storeCode(row, wide, epilogue)).join('\n')}`)}`
}

/** What each operand calls its axes: lines are rows of `a` and columns of `b`. */
const axes = {
  a: { line: 'row', lines: 'rows', lineStride: 'aRow', innerStride: 'aColumn', alongInner: 'rows' },
  b: { line: 'column', lines: 'columns', lineStride: 'bColumn', innerStride: 'bRow', alongInner: 'columns' },
} as const

/**
 * The places where reading begins. Lines outside of the matrix are moved to its last one: what they make is not stored.
 */
function startOf(name: 'a' | 'b', reading: Reading, lines: readonly number[]): string {
  const { line, lineStride, innerStride, alongInner, lines: limit } = axes[name]
  if (reading !== 'strided' && reading !== alongInner) {
    return `  var ${name}Place = (${name}At + i32(${line})) / 4;\n  let ${name}Step = parameters.${innerStride} / 4;`
  }
  const unit = reading === 'strided' ? '' : ' / 4'
  return lines
    .map((index) => {
      const inside = `i32(min(${line} + ${index}u, parameters.${limit} - 1u))`
      return `  var ${name}Place${index} = (${name}At + ${inside} * parameters.${lineStride})${unit};`
    })
    .join('\n')
}

/** Declares `a0` to `a3`: one element for each row. */
function loadStepOfA(reading: Reading, rows: readonly number[]): string {
  if (reading === 'strided') {
    return rows
      .map((row) => `    let a${row} = a[aPlace${row}];\n    aPlace${row} += parameters.aColumn;`)
      .join('\n')
  }
  const elements = rows.map((row) => `    let a${row} = across.${lanes[row]};`)
  return ['    let across = a[aPlace];', '    aPlace += aStep;', ...elements].join('\n')
}

/** Declares `b0`: a vector of four columns. */
function loadStepOfB(reading: Reading): string {
  if (reading !== 'strided') return '    let b0 = b[bPlace];\n    bPlace += bStep;'
  return [
    `    let b0 = vec4f(${four.map((column) => `b[bPlace${column}]`).join(', ')});`,
    ...four.map((column) => `    bPlace${column} += parameters.bRow;`),
  ].join('\n')
}

/** Declares `a0` to `a3`: a vector of four inner steps for each row. */
function loadA(reading: Reading, rows: readonly number[]): string {
  if (reading === 'rows') {
    return rows.map((row) => `    let a${row} = a[aPlace${row}];\n    aPlace${row} += 1;`).join('\n')
  }
  return [
    ...four.map((step) => `    let across${step} = a[aPlace + ${step} * aStep];`),
    '    aPlace += 4 * aStep;',
    ...rows.map(
      (row) => `    let a${row} = vec4f(${four.map((step) => `across${step}.${lanes[row]}`).join(', ')});`,
    ),
  ].join('\n')
}

/** Declares `b0` to `b3`: a vector of four columns for each inner step. */
function loadB(reading: Reading): string {
  if (reading === 'rows') {
    return [
      ...four.map((step) => `    let b${step} = b[bPlace + ${step} * bStep];`),
      '    bPlace += 4 * bStep;',
    ].join('\n')
  }
  return [
    ...four.map((column) => `    let along${column} = b[bPlace${column}];\n    bPlace${column} += 1;`),
    ...four.map(
      (step) =>
        `    let b${step} = vec4f(${four.map((column) => `along${column}.${lanes[step]}`).join(', ')});`,
    ),
  ].join('\n')
}
