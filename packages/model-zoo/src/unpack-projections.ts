import type { WeightArray } from './weight-array.ts'

const roles = ['query', 'key', 'value'] as const
export type ProjectionRole = (typeof roles)[number]

/** Cuts a weight or bias whose first axis packs query, key and value, in this order, into the three. */
export function unpackProjections<Weight extends WeightArray>(
  packed: Weight,
): readonly (readonly [role: ProjectionRole, array: Weight])[] {
  const [rows = 0, ...rest] = packed.shape
  const size = packed.data.length / 3
  return roles.map((role, index) => {
    const data = packed.data.subarray(index * size, (index + 1) * size)
    return [role, { ...packed, shape: [rows / 3, ...rest], data }]
  })
}
