import { entryPoint, forEachIndex, threads } from '../commands/program.ts'

/** How many invocations share the work on one line of elements. */
export type Lanes = 1 | 64 | 256

/**
 * Few lines, or long ones whose elements are neighbours, are shared between the lanes of a workgroup. Where lines are neighbours
 * instead, neighbouring invocations take one each. On a software GPU the barriers of a workgroup cost more than they bring.
 */
export function lanesFor(lines: number, length: number, neighbours: boolean, software: boolean): Lanes {
  if (length < 32) return 1
  if (software) return lines >= 16 ? 1 : 64
  if (!neighbours && lines >= 64) return 1
  if (length < 64 && lines >= 4096) return 1
  return length < 2048 ? 64 : 256
}

/** Workgroups for so many lines. */
export function lineGroups(lines: number, lanes: Lanes): number {
  return lanes === 1 ? Math.ceil(lines / threads) : lines
}

/**
 * An entry point that runs for each `line` below `parameters.size`; each lane begins at element `first` and steps by
 * `LANES`. Code outside of loops may call the functions of `laneReduction`.
 */
export function forEachLine(lanes: Lanes, code: string): string {
  const constant = `const LANES = ${lanes}u;\n`
  if (lanes === 1) return constant + forEachIndex(`  let line = index;\n  let first = 0u;\n${code}`)
  return (
    constant +
    entryPoint(
      lanes,
      `  let line = workgroup;\n  let first = lane;\n  if (line >= parameters.size) { return; }\n${code}`,
    )
  )
}

/**
 * A function `name(value, lane)` that combines the values of all lanes and gives each the result. `combine` is WGSL over `a`
 * and `b`. With one lane it is the value itself.
 */
export function laneReduction(lanes: Lanes, name: string, type: string, combine: string): string {
  if (lanes === 1) return `fn ${name}(value: ${type}, lane: u32) -> ${type} { return value; }\n`
  return `
var<workgroup> ${name}Values: array<${type}, ${lanes}>;
fn ${name}(value: ${type}, lane: u32) -> ${type} {
  workgroupBarrier();
  ${name}Values[lane] = value;
  workgroupBarrier();
  for (var width = ${lanes / 2}u; width > 0u; width >>= 1u) {
    if (lane < width) {
      let a = ${name}Values[lane];
      let b = ${name}Values[lane + width];
      ${name}Values[lane] = ${combine};
    }
    workgroupBarrier();
  }
  return ${name}Values[0];
}
`
}

/** `sumOverLanes` and `peakOverLanes` for floats. */
export function floatReductions(lanes: Lanes): string {
  return (
    laneReduction(lanes, 'sumOverLanes', 'f32', 'a + b') +
    laneReduction(lanes, 'peakOverLanes', 'f32', 'maximumOf(a, b)')
  )
}
