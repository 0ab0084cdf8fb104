import type { DeviceArray } from '../engine/device-array.ts'
import { here, type KernelTable, type Launcher } from '../kernel.ts'
import { reduceAxes } from './reduce.ts'

export const norms: KernelTable = {
  'qkv/layerNorm': {
    run({ inputs: [x, weight, bias], attrs, size }, launcher) {
      const { epsilon } = attrs as { readonly epsilon: number }
      const width = x!.shape.at(-1)!
      const rows = size / width
      const center = meanOf(launcher, [x!.array], rows, width, 'x0[at]')
      // Squares of centred values: the difference of two large sums would cancel.
      const deviation = launcher.run(
        `let total = 0; const center = x1[${here}];
        for (let k = 0; k < ${width}; k++) { const value = x0[${here} * ${width} + k] - center; total += value * value; }
        return 1 / Math.sqrt(total / ${width} + ${number(epsilon)});`,
        [x!.array, center],
        rows,
      )
      const row = `quotient(${here}, ${width})`
      const column = `remainder(${here}, ${width})`
      const body = `return (x0[${here}] - x1[${row}]) * x2[${row}]${weight ? ` * x3[${column}]` : ''}${bias ? ` + x4[${column}]` : ''};`
      const scales = [weight, bias].flatMap((input) => (input ? [input.array] : []))
      return [launcher.run(body, [x!.array, center, deviation, ...scales], size), center, deviation]
    },
  },
  'qkv/layerNormBackward': {
    run({ inputs: [x, center, deviation, gradient, weight], size }, launcher) {
      const width = x!.shape.at(-1)!
      const rows = size / width
      const arrays = [x, center, deviation, gradient].map((input) => input!.array)
      const withWeight = weight ? [...arrays, weight.array] : arrays
      const scaled = (at: string, column: string): string => `x3[${at}]${weight ? ` * x4[${column}]` : ''}`
      const normalized = (at: string, row: string): string => `(x0[${at}] - x1[${row}]) * x2[${row}]`
      const at = `${here} * ${width} + k`
      const means = meanOf(launcher, withWeight, rows, width, scaled(at, 'k'))
      const alongs = meanOf(launcher, withWeight, rows, width, `${scaled(at, 'k')} * ${normalized(at, here)}`)
      const row = `quotient(${here}, ${width})`
      const column = `remainder(${here}, ${width})`
      const last = withWeight.length
      const dx = launcher.run(
        `return (${scaled(here, column)} - x${last}[${row}] - ${normalized(here, row)} * x${last + 1}[${row}]) * x2[${row}];`,
        [...withWeight, means, alongs],
        size,
      )
      if (!weight) return [dx]
      const products = launcher.run(`return x3[${here}] * ${normalized(here, row)};`, arrays, size)
      const ofRows = (array: DeviceArray): DeviceArray =>
        reduceAxes(launcher, 'sum', array, [rows, width], [0], width)
      return [dx, ofRows(products), ofRows(gradient!.array)]
    },
  },
  'qkv/rmsNorm': {
    run({ inputs: [x, weight], attrs, size }, launcher) {
      const { epsilon } = attrs as { readonly epsilon: number }
      const width = x!.shape.at(-1)!
      const rows = size / width
      const inverse = launcher.run(
        `let total = 0;
        for (let k = 0; k < ${width}; k++) { const value = x0[${here} * ${width} + k]; total += value * value; }
        return 1 / Math.sqrt(total / ${width} + ${number(epsilon)});`,
        [x!.array],
        rows,
      )
      const body = `return x0[${here}] * x1[quotient(${here}, ${width})]${weight ? ` * x2[remainder(${here}, ${width})]` : ''};`
      const inputs = weight ? [x!.array, inverse, weight.array] : [x!.array, inverse]
      return [launcher.run(body, inputs, size), inverse]
    },
  },
  'qkv/rmsNormBackward': {
    run({ inputs: [x, inverse, gradient, weight], size }, launcher) {
      const width = x!.shape.at(-1)!
      const rows = size / width
      const arrays = [x, inverse, gradient].map((input) => input!.array)
      const withWeight = weight ? [...arrays, weight.array] : arrays
      const scaled = (at: string, column: string): string => `x2[${at}]${weight ? ` * x3[${column}]` : ''}`
      const at = `${here} * ${width} + k`
      const alongs = meanOf(launcher, withWeight, rows, width, `${scaled(at, 'k')} * x0[${at}] * x1[${here}]`)
      const row = `quotient(${here}, ${width})`
      const dx = launcher.run(
        `return (${scaled(here, `remainder(${here}, ${width})`)} - x0[${here}] * x1[${row}] * x${withWeight.length}[${row}]) * x1[${row}];`,
        [...withWeight, alongs],
        size,
      )
      if (!weight) return [dx]
      const products = launcher.run(`return x2[${here}] * x0[${here}] * x1[${row}];`, arrays, size)
      return [dx, reduceAxes(launcher, 'sum', products, [rows, width], [0], width)]
    },
  },
}

/** The mean over each row of an expression of the column `k`; `at` stands for the element. */
function meanOf(
  launcher: Launcher,
  arrays: readonly DeviceArray[],
  rows: number,
  width: number,
  expression: string,
): DeviceArray {
  const value = expression.replaceAll('[at]', `[${here} * ${width} + k]`)
  return launcher.run(
    `let total = 0; for (let k = 0; k < ${width}; k++) { total += ${value}; } return total / ${width};`,
    arrays,
    rows,
  )
}

/** A number as gpu.js reads it: with a point, so that it is a float. */
export function number(value: number): string {
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}
