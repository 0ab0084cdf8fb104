import type { Explanation, ExplainSizes } from './explain.ts'

/** An explanation as text: a line per stage, the mask drawn, the cost. */
export function formatExplanation(
  {
    name,
    stages,
    fused,
    mask,
    parameters,
    floatingPointOperations,
    peakBytes,
  }: Omit<Explanation, 'toString'>,
  { batch = 1, length, width, heads }: ExplainSizes,
): string {
  const count = (number: number): string => number.toLocaleString('en-US')
  return [
    name,
    ...stages.map(({ stage, parts }) => `  ${stage.padEnd(10)} ${parts.join(', ')}`),
    fused === true ? '  runs as one fused operation' : `  runs stage by stage: ${fused}`,
    ...(mask
      ? ['  mask of the first queries (rows) and keys', ...mask.map((row) => `    ${drawn(row)}`)]
      : []),
    `  for ${batch} x ${count(length)} positions of width ${count(width)}, ${heads} heads:`,
    `    ${count(parameters)} parameters`,
    `    ${count(floatingPointOperations)} floating-point operations`,
    `    ${count(peakBytes)} bytes at most`,
  ].join('\n')
}

function drawn(row: readonly boolean[]): string {
  return row.map((kept) => (kept ? '■' : '·')).join(' ')
}
