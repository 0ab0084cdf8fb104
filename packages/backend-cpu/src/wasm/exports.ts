/**
 * The kernels of assembly/, as they are called. Addresses and strides are in bytes; addresses from 2 GiB on wrap to negative
 * numbers on the way, which WebAssembly reads as unsigned again.
 */
export interface WasmExports {
  /** Where the constants of the module end. */
  staticBytes(): number
  exp(target: number, source: number, size: number): void
  sigmoid(target: number, source: number, size: number): void
  tanh(target: number, source: number, size: number): void
  relu(target: number, source: number, size: number): void
  gelu(target: number, source: number, size: number): void
  geluTanh(target: number, source: number, size: number): void
  silu(target: number, source: number, size: number): void
  geluBackward(target: number, source: number, gradient: number, size: number): void
  geluTanhBackward(target: number, source: number, gradient: number, size: number): void
  siluBackward(target: number, source: number, gradient: number, size: number): void
  adamW(
    valueTarget: number,
    firstTarget: number,
    secondTarget: number,
    value: number,
    gradient: number,
    first: number,
    second: number,
    size: number,
    beta1: number,
    share1: number,
    beta2: number,
    share2: number,
    epsilon: number,
    keep: number,
    rate: number,
    deviationScale: number,
  ): void
  scoreRow(
    row: number,
    width: number,
    first: number,
    end: number,
    scale: number,
    softcap: number,
    bias: number,
    biasStep: number,
    keep: number,
  ): number
  weightGradients(weights: number, gradients: number, width: number, delta: number): void
  add(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  sub(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  mul(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  div(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  maximum(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  minimum(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  crossEntropy(
    losses: number,
    logSumExp: number,
    logits: number,
    targets: number,
    rows: number,
    classes: number,
    ignored: number,
    labelSmoothing: number,
  ): void
  crossEntropyBackward(
    out: number,
    logits: number,
    targets: number,
    logSumExp: number,
    gradients: number,
    rows: number,
    classes: number,
    ignored: number,
    labelSmoothing: number,
  ): void
  less(
    target: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  where(
    target: number,
    condition: number,
    conditionRow: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    rows: number,
    columns: number,
  ): void
  layerNorm(
    target: number,
    centers: number,
    inverses: number,
    source: number,
    weight: number,
    bias: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void
  rmsNorm(
    target: number,
    inverses: number,
    source: number,
    weight: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void
  normBackward(
    target: number,
    source: number,
    centers: number,
    inverses: number,
    gradient: number,
    weight: number,
    totals: number,
    rows: number,
    width: number,
  ): void
  multiplyScratchBytes(rows: number, inner: number, columns: number): number
  multiply(
    rows: number,
    inner: number,
    columns: number,
    left: number,
    leftRow: number,
    leftColumn: number,
    right: number,
    rightRow: number,
    rightColumn: number,
    bias: number,
    adds: boolean,
    out: number,
    outRow: number,
    scratch: number,
  ): void
  randomWords(target: number, pairs: number, low: number, high: number, keyLow: number, keyHigh: number): void
  scaleWords(target: number, words: number, size: number): void
  dropBelow(target: number, source: number, words: number, size: number, bound: number, scale: number): void
  sumRows(target: number, source: number, row: number, rows: number, width: number, divisor: number): void
  sumColumns(target: number, source: number, row: number, rows: number, width: number, divisor: number): void
  exponentiateRow(target: number, source: number, width: number, shift: number): number
  scaleRow(row: number, width: number, factor: number): void
  softmax(target: number, source: number, rows: number, width: number): void
  logSoftmax(target: number, source: number, rows: number, width: number): void
}
