import { entryPoint, forEachIndex, threads } from '../commands/program.ts'
import { withSubgroups } from './subgroup-text.ts'

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
 * and `b`, in which these may be exchanged. With one lane it is the value itself.
 */
export function laneReduction(lanes: Lanes, name: string, type: string, combine: string): string {
  if (lanes === 1) return `fn ${name}(value: ${type}, lane: u32) -> ${type} { return value; }\n`
  return `
var<workgroup> ${name}Values: array<${type}, ${lanes}>;
fn ${name}(value: ${type}, lane: u32) -> ${type} {
  workgroupBarrier();
  ${name}Values[lane] = value;
  workgroupBarrier();
${withSubgroups(inSubgroups(lanes, name, combine), inHalves(lanes, name, combine))}
}
`
}

/** Half of the lanes combine two values, then half of those, with a barrier after each step. */
function inHalves(lanes: Lanes, name: string, combine: string): string {
  return `  for (var width = ${lanes / 2}u; width > 0u; width >>= 1u) {
    if (lane < width) {
      let a = ${name}Values[lane];
      let b = ${name}Values[lane + width];
      ${name}Values[lane] = ${combine};
    }
    workgroupBarrier();
  }
  return ${name}Values[0];`
}

/**
 * Each subgroup combines all values by itself, which takes no further barrier: a lane those at its place and at whole subgroups
 * from there, then the subgroup those of its lanes. Lanes are counted as they are in the subgroup, since nothing says which
 * invocations of a workgroup share one.
 */
function inSubgroups(lanes: Lanes, name: string, combine: string): string {
  return `  let place = subgroupExclusiveAdd(1u);
  let size = subgroupAdd(1u);
  var total = ${name}Values[place];
  for (var at = place + size; at < ${lanes}u; at += size) {
    let a = total;
    let b = ${name}Values[at];
    total = ${combine};
  }
${overSubgroup(combine)}`
}

function overSubgroup(combine: string): string {
  if (combine === 'a + b') return '  return subgroupAdd(total);'
  // In pairs, pairs of pairs, and so on: `subgroupMax` may lose NaN.
  return `  for (var distance = 1u; distance < size; distance <<= 1u) {
    let a = total;
    let b = subgroupShuffleXor(total, distance);
    total = ${combine};
  }
  return total;`
}

/** `sumOverLanes` and `peakOverLanes` for floats. */
export function floatReductions(lanes: Lanes): string {
  return (
    laneReduction(lanes, 'sumOverLanes', 'f32', 'a + b') +
    laneReduction(lanes, 'peakOverLanes', 'f32', 'maximumOf(a, b)')
  )
}
