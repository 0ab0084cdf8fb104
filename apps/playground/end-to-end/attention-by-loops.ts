type Table = number[][]

/** Numbers of the lesson, as a link has them and as they stand in the fields. */
export interface Numbers {
  readonly inputs: Table
  readonly queryWeights: Table
  readonly keyWeights: Table
  readonly valueWeights: Table
  readonly outputWeights: Table
  readonly heads: number
  readonly scaled: boolean
  readonly keep: boolean[][]
}

export interface Results {
  readonly query: Table
  readonly key: Table
  readonly value: Table
  readonly heads: readonly { readonly scores: Table; readonly weights: Table; readonly output: Table }[]
  readonly joined: Table
  readonly projected: Table
}

/** Attention as the paper has it, number by number, without any library. */
export function attentionByLoops(numbers: Numbers): Results {
  const query = product(numbers.inputs, numbers.queryWeights)
  const key = product(numbers.inputs, numbers.keyWeights)
  const value = product(numbers.inputs, numbers.valueWeights)
  const size = query[0]!.length / numbers.heads
  const heads: { scores: Table; weights: Table; output: Table }[] = []
  for (let head = 0; head < numbers.heads; head++) {
    const columns = (table: Table): Table => table.map((row) => row.slice(head * size, (head + 1) * size))
    const scores = product(columns(query), turn(columns(key)))
    const weights = scores.map((row, at) =>
      softmax(row, numbers.keep[at]!, numbers.scaled ? Math.sqrt(size) : 1),
    )
    heads.push({ scores, weights, output: product(weights, columns(value)) })
  }
  const joined = numbers.inputs.map((_, row) => heads.flatMap(({ output }) => output[row]!))
  return { query, key, value, heads, joined, projected: product(joined, numbers.outputWeights) }
}

export function product(left: Table, right: Table): Table {
  const result: Table = []
  for (const row of left) {
    const line: number[] = []
    for (let column = 0; column < right[0]!.length; column++) {
      let sum = 0
      for (let inner = 0; inner < row.length; inner++) sum += row[inner]! * right[inner]![column]!
      line.push(sum)
    }
    result.push(line)
  }
  return result
}

function turn(table: Table): Table {
  return table[0]!.map((_, column) => table.map((row) => row[column]!))
}

function softmax(scores: readonly number[], keep: readonly boolean[], divisor: number): number[] {
  let largest = -Infinity
  for (const [key, score] of scores.entries()) if (keep[key]) largest = Math.max(largest, score / divisor)
  const exponentials = scores.map((score, key) => (keep[key] ? Math.exp(score / divisor - largest) : 0))
  let total = 0
  for (const exponential of exponentials) total += exponential
  return exponentials.map((exponential) => (total === 0 ? 0 : exponential / total))
}
