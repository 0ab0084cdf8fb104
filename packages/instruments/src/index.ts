export {
  count,
  type Count,
  type CountedBackend,
  type CountReport,
  type CountRow,
} from './decorators/count.ts'
export { floatingPointOperations } from './decorators/floating-point-operations.ts'
export {
  profile,
  type Profile,
  type ProfiledBackend,
  type ProfileOptions,
  type ProfileReport,
  type ProfileRow,
} from './decorators/profile.ts'
export {
  createNullBackend,
  type NullBackend,
  type NullBackendOptions,
  type NullMemory,
} from './null-backend/null-backend.ts'
export { formatTrace } from './observers/format-trace.ts'
export { type Capture, inspect, type InspectOptions, type Inspection } from './observers/inspect.ts'
export { peakBytes } from './observers/peak-bytes.ts'
export { trace, type Trace, type TraceNode, type TraceOptions, type TraceValue } from './observers/trace.ts'
