/** Activations and their slopes, from the same formulas as the definitions in @qkv/tensor. */
export const activationFunctions: Readonly<Record<string, string>> = {
  relu: `
fn relu(x: f32) -> f32 { return maximumOf(x, 0.0); }`,
  sigmoid: `
fn sigmoid(x: f32) -> f32 { return 1.0 / (exponential(-x) + 1.0); }`,
  silu: `
fn silu(x: f32) -> f32 { return x * sigmoid(x); }`,
  siluSlope: `
fn siluSlope(x: f32) -> f32 {
  let gate = sigmoid(x);
  return gate * (x * (1.0 - gate) + 1.0);
}`,
  gelu: `
fn gelu(x: f32) -> f32 { return x * 0.5 * (errorFunction(x * 0.707106781) + 1.0); }`,
  geluSlope: `
fn geluSlope(x: f32) -> f32 {
  let cumulative = 0.5 * (errorFunction(x * 0.707106781) + 1.0);
  return cumulative + x * exponential(x * x * -0.5) * 0.398942280;
}`,
  geluTanh: `
fn geluTanh(x: f32) -> f32 {
  return x * 0.5 * (hyperbolicTangent(x * (x * x * 0.044715 + 1.0) * 0.797884561) + 1.0);
}`,
  geluTanhSlope: `
fn geluTanhSlope(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  // Beyond 10 the slope is 0 or 1; larger squares would meet the 0 as infinity.
  let bounded = clamp(x, -10.0, 10.0);
  let square = bounded * bounded;
  let gate = hyperbolicTangent(bounded * (square * 0.044715 + 1.0) * 0.797884561);
  let innerSlope = (square * 0.134145 + 1.0) * 0.797884561;
  return 0.5 * (gate + 1.0 + bounded * (1.0 - gate * gate) * innerSlope);
}`,
  softplus: `
fn softplus(x: f32, beta: f32, threshold: f32) -> f32 {
  let scaled = x * beta;
  if (scaled > threshold) { return x; }
  return logarithmOfOnePlus(exponential(minimumOf(scaled, threshold))) / beta;
}`,
  logSigmoid: `
fn logSigmoid(x: f32) -> f32 { return minimumOf(x, 0.0) - logarithmOfOnePlus(exponential(-abs(x))); }`,
}
