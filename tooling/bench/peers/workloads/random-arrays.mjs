// Numbers of a seed, the same on every machine: no contender makes its own.

/** Numbers from 0 to 1; mulberry32 by Tommy Ettinger, in the public domain. */
export function createGenerator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Normally distributed numbers, by the method of Box and Muller.
 * @returns {import('../source/contract.d.ts').InputArray}
 */
export function normalArray(generator, shape, { mean = 0, deviation = 1 } = {}) {
  const next = () => {
    const radius = Math.sqrt(-2 * Math.log(1 - generator()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * generator())
  }
  const length = shape.reduce((product, axis) => product * axis, 1)
  return { dtype: 'float32', shape, data: Float32Array.from({ length }, next) }
}

/** Whole numbers below `limit`. */
export function integerArray(generator, shape, limit) {
  const length = shape.reduce((product, axis) => product * axis, 1)
  return {
    dtype: 'int32',
    shape,
    data: Int32Array.from({ length }, () => Math.floor(generator() * limit)),
  }
}
