/** A binary heap: what `precedes` all others comes out first. */
export class Heap<Value> {
  readonly #values: Value[] = []
  readonly #precedes: (a: Value, b: Value) => boolean

  constructor(precedes: (a: Value, b: Value) => boolean) {
    this.#precedes = precedes
  }

  push(value: Value): void {
    const values = this.#values
    let index = values.length
    values.push(value)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#precedes(value, values[parent]!)) break
      values[index] = values[parent]!
      index = parent
    }
    values[index] = value
  }

  /** Takes the first value out, or gives undefined when there is none. */
  pop(): Value | undefined {
    const values = this.#values
    const first = values[0]
    const last = values.pop()
    if (last === undefined || values.length === 0) return first
    let index = 0
    for (let child = 1; child < values.length; child = 2 * index + 1) {
      if (child + 1 < values.length && this.#precedes(values[child + 1]!, values[child]!)) child++
      if (!this.#precedes(values[child]!, last)) break
      values[index] = values[child]!
      index = child
    }
    values[index] = last
    return first
  }
}
