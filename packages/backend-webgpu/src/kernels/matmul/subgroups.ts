import { entryPoint } from '../../commands/program.ts'
import { type Epilogue, finishFunction } from './epilogue.ts'
import { readingOf } from './matrix.ts'
import { batchCode, type ProductPlan, productProgram, type ProductShape } from './product-program.ts'
import { storeCode } from './store-block.ts'

const lanes = 64
const blockRows = 4
const components = ['x', 'y', 'z', 'w'] as const
const four = [0, 1, 2, 3] as const

/**
 * Workgroups make four rows by 256 columns, each invocation four of these columns in registers. All need the same elements of the
 * first matrix: each lane of a subgroup reads those of another inner step, and passes them on. This takes no barriers, and no
 * subgroup of a certain size, nor a certain order of invocations in it.
 */
export function subgroupsPlan(shape: ProductShape, epilogue: Epilogue): ProductPlan {
  const { rows, inner, columns, batches, a, b } = shape
  const readingA = readingOf(a, rows, inner) === 'columns' ? 'columns' : 'strided'
  const readingB = readingOf(b, inner, columns) === 'rows' ? 'rows' : 'strided'
  const wide = columns % 4 === 0
  const workgroups = batches * Math.ceil(rows / blockRows) * Math.ceil(columns / (4 * lanes))
  return {
    program: productProgram(
      `subgroups/${readingA}/${readingB}/${wide}`,
      shape,
      epilogue,
      [
        wide ? 'vec4f' : 'f32',
        readingA === 'columns' ? 'vec4f' : 'f32',
        readingB === 'rows' ? 'vec4f' : 'f32',
      ],
      () => bodyOf(shape.batchRank, epilogue, readingA, readingB, wide),
    ),
    size: workgroups,
    workgroups,
  }
}

function bodyOf(
  batchRank: number,
  epilogue: Epilogue,
  readingA: 'columns' | 'strided',
  readingB: 'rows' | 'strided',
  wide: boolean,
): string {
  return `
${finishFunction(epilogue)}
${entryPoint(
  lanes,
  `  if (workgroup >= parameters.size) { return; }
  let columnTiles = (parameters.columns + ${4 * lanes - 1}u) / ${4 * lanes}u;
  let rowBlocks = (parameters.rows + ${blockRows - 1}u) / ${blockRows}u;
  let row = ((workgroup / columnTiles) % rowBlocks) * ${blockRows}u;
  let product = workgroup / (columnTiles * rowBlocks);
  let column = (workgroup % columnTiles) * ${4 * lanes}u + lane * 4u;
${batchCode(batchRank)}
  let place = subgroupExclusiveAdd(1u);
  let size = subgroupAdd(1u);
${four.map((line) => `  var total${line} = vec4f();`).join('\n')}
${startOfA(readingA)}
${startOfB(readingB)}
  for (var step = 0u; step < parameters.inner; step += size) {
    // Steps beyond the last are read from it, and passed to nobody.
    let inner = i32(min(step + place, parameters.inner - 1u));
    let own = ${elementsOfA(readingA)};
    let end = min(size, parameters.inner - step);
    for (var giver = 0u; giver < end; giver++) {
      let left = subgroupShuffle(own, giver);
${elementsOfB(readingB)}
${four.map((line) => `      total${line} += left.${components[line]} * right;`).join('\n')}
    }
  }
${four.map((line) => storeCode(line, wide, epilogue)).join('\n')}`,
)}`
}

/** Rows outside of the matrix are moved to its last one, and columns too: what they make is not stored. */
function startOfA(reading: 'columns' | 'strided'): string {
  if (reading === 'columns') return '  let aPlace = (aAt + i32(row)) / 4;'
  return four
    .map(
      (line) =>
        `  let aPlace${line} = aAt + i32(min(row + ${line}u, parameters.rows - 1u)) * parameters.aRow;`,
    )
    .join('\n')
}

function elementsOfA(reading: 'columns' | 'strided'): string {
  if (reading === 'columns') return 'a[aPlace + inner * (parameters.aColumn / 4)]'
  return `vec4f(${four.map((line) => `a[aPlace${line} + inner * parameters.aColumn]`).join(', ')})`
}

function startOfB(reading: 'rows' | 'strided'): string {
  if (reading === 'rows') return '  var bPlace = (bAt + i32(min(column, parameters.columns - 4u))) / 4;'
  return four
    .map(
      (line) =>
        `  var bPlace${line} = bAt + i32(min(column + ${line}u, parameters.columns - 1u)) * parameters.bColumn;`,
    )
    .join('\n')
}

/** Declares `right`, four columns of one inner step, and goes on to the next. */
function elementsOfB(reading: 'rows' | 'strided'): string {
  if (reading === 'rows') return '      let right = b[bPlace];\n      bPlace += parameters.bRow / 4;'
  return [
    `      let right = vec4f(${four.map((line) => `b[bPlace${line}]`).join(', ')});`,
    ...four.map((line) => `      bPlace${line} += parameters.bRow;`),
  ].join('\n')
}
