/**
 * How matrices are multiplied. `direct`: each invocation makes a block of four rows by four columns from vectors of four elements,
 * straight from memory. `tiled`: workgroups share tiles of both matrices. `subgroups`: blocks like those of `direct`, for which the
 * lanes of a subgroup read different elements of the first matrix and pass them on. `reduced`: workgroups share the inner axis of one
 * row by four columns. `naive`: one element per invocation, to compare with. `auto`: by adapter and shape.
 */
export type MatmulVariant = 'auto' | 'direct' | 'tiled' | 'subgroups' | 'reduced' | 'naive'

/** What the elements of a large product are rounded to before they are multiplied. */
export type MatmulPrecision = 'float32' | 'float16'
