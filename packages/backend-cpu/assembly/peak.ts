import { multiplyAdd } from './vector'

/**
 * What the processor does at most: chains of multiplications and additions that wait for nothing but themselves. There are as many
 * chains as registers, less those of the constants: fewer would wait for their own last step, more would move to memory.
 * `steps` counts three multiplications and additions in each of the 13 chains, of four lanes.
 */
export function peak(steps: i32): f32 {
  // They stay near 1: the speed of numbers that are tiny or infinite is another.
  const factor = f32x4.splat(0.5)
  const summand = f32x4.splat(0.5)
  let chain0 = f32x4.splat(1)
  let chain1 = f32x4.splat(1.1)
  let chain2 = f32x4.splat(1.2)
  let chain3 = f32x4.splat(1.3)
  let chain4 = f32x4.splat(1.4)
  let chain5 = f32x4.splat(1.5)
  let chain6 = f32x4.splat(1.6)
  let chain7 = f32x4.splat(1.7)
  let chain8 = f32x4.splat(1.8)
  let chain9 = f32x4.splat(1.9)
  let chain10 = f32x4.splat(2)
  let chain11 = f32x4.splat(2.1)
  let chain12 = f32x4.splat(2.2)
  for (; steps > 0; --steps) {
    chain0 = advance(chain0, factor, summand)
    chain1 = advance(chain1, factor, summand)
    chain2 = advance(chain2, factor, summand)
    chain3 = advance(chain3, factor, summand)
    chain4 = advance(chain4, factor, summand)
    chain5 = advance(chain5, factor, summand)
    chain6 = advance(chain6, factor, summand)
    chain7 = advance(chain7, factor, summand)
    chain8 = advance(chain8, factor, summand)
    chain9 = advance(chain9, factor, summand)
    chain10 = advance(chain10, factor, summand)
    chain11 = advance(chain11, factor, summand)
    chain12 = advance(chain12, factor, summand)
  }
  const sums0 = f32x4.add(f32x4.add(chain0, chain1), f32x4.add(chain2, chain3))
  const sums1 = f32x4.add(f32x4.add(chain4, chain5), f32x4.add(chain6, chain7))
  const sums2 = f32x4.add(f32x4.add(chain8, chain9), f32x4.add(chain10, f32x4.add(chain11, chain12)))
  return f32x4.extract_lane(f32x4.add(sums0, f32x4.add(sums1, sums2)), 0)
}

@inline
function advance(chain: v128, factor: v128, summand: v128): v128 {
  const once = multiplyAdd(chain, factor, summand)
  return multiplyAdd(multiplyAdd(once, factor, summand), factor, summand)
}
