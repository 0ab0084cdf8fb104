export {
  beamSearch,
  type BeamSearchOptions,
  type BeamSearchStep,
  type PartialHypothesis,
} from './beam-search.ts'
export { greedySearch } from './greedy-search.ts'
export type { Hypothesis } from './hypothesis-list.ts'
export { filterProbabilities, type SamplingFilters } from './sampling/filter-probabilities.ts'
export { sample, type SampleOptions } from './sampling/sample.ts'
export type { AbortedSignal, SearchOptions } from './search-options.ts'
