import { sizeOf, stridesOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { here, type Input, type KernelTable, type Launcher } from '../kernel.ts'
import { placeOf } from '../place.ts'

/** A matrix for each entry of the leading axes, anywhere in an array. */
export interface Matrices {
  readonly array: DeviceArray
  /** Steps along the leading axes. */
  readonly lead: readonly number[]
  readonly row: number
  readonly column: number
  readonly offset: number
}

/** A product `[...lead, rows, columns]` of `[...lead, rows, inner]` and `[...lead, inner, columns]`. */
export interface Product {
  readonly lead: readonly number[]
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly a: Matrices
  readonly b: Matrices
  /** Added to each row, `[columns]`. */
  readonly bias?: DeviceArray | undefined
  /** What becomes of each element `total`, such as `total * 0.5`. */
  readonly finish?: string
}

/** How many products of single matrices are worth packing: below, its two more passes cost more than they save. */
const smallestPacked = 64 ** 3

export const matmul: KernelTable = {
  'qkv/matmul': {
    readsStrides: true,
    run({ inputs: [a, b] }, launcher) {
      const lead = a!.shape.slice(0, -2)
      const [rows, inner] = a!.shape.slice(-2) as [number, number]
      const product = { lead, rows, inner, columns: b!.shape.at(-1)!, a: matricesOf(a!), b: matricesOf(b!) }
      return [multiply(launcher, product)]
    },
  },
}

export function matricesOf({ array, strides, offset }: Input): Matrices {
  return { array, lead: strides.slice(0, -2), row: strides.at(-2)!, column: strides.at(-1)!, offset }
}

/** A dense array as matrices of the shape `[...lead, rows, columns]`. */
export function denseMatrices(array: DeviceArray, shape: readonly number[]): Matrices {
  const strides = stridesOf(shape)
  return { array, lead: strides.slice(0, -2), row: strides.at(-2)!, column: strides.at(-1)!, offset: 0 }
}

/** The same matrices with rows and columns exchanged. */
export function transposed(matrices: Matrices): Matrices {
  return { ...matrices, row: matrices.column, column: matrices.row }
}

export function multiply(launcher: Launcher, product: Product): DeviceArray {
  return packs(product) && launcher.packs
    ? multiplyPacked(launcher, product)
    : multiplyPlain(launcher, product)
}

/** A thread for each element of the result: what is right everywhere. */
export function multiplyPlain(launcher: Launcher, product: Product): DeviceArray {
  const { lead, rows, inner, columns, a, b, bias, finish = 'total' } = product
  const row = `remainder(quotient(${here}, ${columns}), ${rows})`
  const column = `remainder(${here}, ${columns})`
  const batch = `quotient(${here}, ${rows * columns})`
  const startOfA = terms(placeOf(batch, lead, { strides: a.lead, offset: a.offset }), times(row, a.row))
  const startOfB = terms(placeOf(batch, lead, { strides: b.lead, offset: b.offset }), times(column, b.column))
  const body = `let total = 0;
    for (let k = 0; k < ${inner}; k++) {
      total += x0[${terms(startOfA, times('k', a.column))}] * x1[${terms(startOfB, times('k', b.row))}];
    }
    ${bias ? `total += x2[${column}];` : ''}
    return ${finish};`
  const inputs = bias ? [a.array, b.array, bias] : [a.array, b.array]
  return launcher.run(body, inputs, sizeOf(lead) * rows * columns)
}

function packs({ lead, rows, inner, columns }: Product): boolean {
  return inner % 4 === 0 && columns % 4 === 0 && sizeOf(lead) * rows * inner * columns >= smallestPacked
}

/** Four columns of a row to a thread, from texels of four numbers: a quarter of the reads. */
function multiplyPacked(launcher: Launcher, product: Product): DeviceArray {
  const { lead, rows, inner, columns, a, b, bias, finish = 'total' } = product
  const quarterInner = inner / 4
  const quarterColumns = columns / 4
  const packedA = pack(launcher, a, lead, rows, quarterInner)
  const packedB = pack(launcher, b, lead, inner, quarterColumns)
  const batch = `quotient(${here}, ${rows * quarterColumns})`
  const rowOfA = `quotient(${here}, ${quarterColumns}) * ${quarterInner} + k`
  const rowOfB = `(${batch} * ${inner} + k * 4 + STEP) * ${quarterColumns} + remainder(${here}, ${quarterColumns})`
  const reads = [0, 1, 2, 3].map((step) => `const b${step} = x1[${rowOfB.replace('STEP', String(step))}];`)
  const totals = [0, 1, 2, 3].map(
    (column) =>
      `t${column} += ${[0, 1, 2, 3].map((step) => `a[${step}] * b${step}[${column}]`).join(' + ')};`,
  )
  const packed = launcher.run(
    {
      body: `let t0 = 0; let t1 = 0; let t2 = 0; let t3 = 0;
        for (let k = 0; k < ${quarterInner}; k++) { const a = x0[${rowOfA}]; ${reads.join(' ')} ${totals.join(' ')} }
        return [t0, t1, t2, t3];`,
      packed: true,
    },
    [packedA, packedB],
    sizeOf(lead) * rows * quarterColumns,
  )
  const body = `const four = x0[quotient(${here}, 4)]; const part = remainder(${here}, 4);
    let total = four[0];
    if (part > 0.5) { total = four[1]; } if (part > 1.5) { total = four[2]; } if (part > 2.5) { total = four[3]; }
    ${bias ? `total += x1[remainder(${here}, ${columns})];` : ''}
    return ${finish};`
  return launcher.run(body, bias ? [packed, bias] : [packed], sizeOf(lead) * rows * columns)
}

/** Four neighbours of a row to an element. */
function pack(
  launcher: Launcher,
  { array, lead: steps, row, column, offset }: Matrices,
  lead: readonly number[],
  rows: number,
  quarterColumns: number,
): DeviceArray {
  const batch = placeOf(`quotient(${here}, ${rows * quarterColumns})`, lead, { strides: steps, offset })
  const start = terms(
    batch,
    times(`remainder(quotient(${here}, ${quarterColumns}), ${rows})`, row),
    times(`remainder(${here}, ${quarterColumns})`, 4 * column),
  )
  const parts = [0, 1, 2, 3].map((part) => `x0[${terms(start, String(part * column))}]`)
  return launcher.run(
    { body: `return [${parts.join(', ')}];`, packed: true },
    [array],
    sizeOf(lead) * rows * quarterColumns,
  )
}

function times(index: string, step: number): string {
  if (step === 0) return '0'
  return step === 1 ? index : `${index} * ${step}`
}

function terms(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '0').join(' + ') || '0'
}
