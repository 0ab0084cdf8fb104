/**
 * How matrices are multiplied. `direct`: each invocation makes a block of four rows by four columns from vectors of four elements,
 * straight from memory. `tiled`: workgroups share tiles of both matrices. `reduced`: workgroups share the inner axis of one row by four columns. `naive`: one element per invocation, to compare with.
 * `auto`: by adapter and shape.
 */
export type MatmulVariant = 'auto' | 'direct' | 'tiled' | 'reduced' | 'naive'
