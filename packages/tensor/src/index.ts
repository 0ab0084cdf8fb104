export * from './errors/index.ts'
export { checkpoint } from './autograd/checkpoint.ts'
export { valueAndGrad, type ValueAndGradients } from './autograd/value-and-grad.ts'
export type {
  Backend,
  BackendCapabilities,
  BackendDecorator,
  BackendMemory,
  BufferHandle,
  Layout,
  OpCall,
  OpInput,
} from './backend/backend.ts'
export { openDevice, type BackendChoice, type OpenDeviceOptions } from './backend/open-device.ts'
export type { BackendName, BackendNames, BackendPlugin, BackendSelection } from './backend/plugin.ts'
export {
  createReferenceBackend,
  type ReferenceBackendOptions,
} from './backend/reference/reference-backend.ts'
export { Device, type DeviceMemory } from './device.ts'
export {
  allocateHostArray,
  bytesPerElement,
  type DType,
  type HostArray,
  type StorageDType,
  type TensorSpec,
} from './dtype.ts'
export type { TensorData, TensorOptions } from './host-data.ts'
export { Scope } from './memory/scope.ts'
export { moveTo } from './move-to.ts'
export type { DeviceObserver, ObservedCall } from './observer.ts'
export type {
  CompositeOp,
  HostTensor,
  Op,
  OpSample,
  PrimitiveOp,
  ReferenceContext,
  SampleInput,
  ViewOp,
  VjpContext,
} from './op.ts'
export * from './ops/index.ts'
export { type QuantizedRows, quantizeRows } from './quantization/quantize-rows.ts'
export {
  childKey,
  randomKey,
  randomNumber,
  type RandomKey,
  RandomStream,
  type RandomStreamState,
} from './random/random-stream.ts'
export {
  broadcastShapes,
  formatShape,
  isContiguous,
  normalizeAxes,
  normalizeAxis,
  sameShape,
  sizeOf,
  stridesOf,
} from './shape.ts'
export { donate, Tensor } from './tensor.ts'
