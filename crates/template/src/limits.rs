//! Every bound on what a template may ask for, with its reason.

/// ARM's own limits: <https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits>.
pub const PARAMETERS_MAX: usize = 256;
/// Variables of one template.
pub const VARIABLES_MAX: usize = 256;
/// Outputs of one template.
pub const OUTPUTS_MAX: usize = 64;
/// Resources of one template, counted after its loops have run.
pub const RESOURCES_MAX: usize = 800;
/// Turns of one loop.
pub const COPY_COUNT_MAX: usize = 800;
/// Characters of one expression.
pub const EXPRESSION_CHARS_MAX: usize = 24_576;
/// Bytes of one template, as text.
pub const TEMPLATE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Elements that `range` may make.
pub const RANGE_MAX: i64 = 10_000;

/// References from one definition of a type to the next.
pub const REFERENCES_MAX: usize = 32;

/// Nesting of JSON from outside. `serde_json` itself stops at 127, and what is read here must still
/// be readable after it was stored inside an envelope of ours.
pub const READ_DEPTH_MAX: usize = 100;
/// Nesting of a value that expressions built; the same as for one that was read, for it is stored too.
pub const VALUE_DEPTH_MAX: usize = READ_DEPTH_MAX;
/// Nesting of calls and brackets in one expression. Compiled Bicep stays below 40.
pub const EXPRESSION_DEPTH_MAX: usize = 64;
/// Nesting of evaluation: expressions inside variables inside user functions. It keeps the stack
/// of a 2 MiB thread safe, whatever a template does.
pub const EVALUATION_DEPTH_MAX: usize = 160;
/// Nodes visited by one expansion. A template of the largest size, with all 800 resources, needs
/// about a tenth.
pub const STEPS_MAX: usize = 4_000_000;
/// Bytes of one value that an expression makes: four times the largest template.
pub const VALUE_BYTES_MAX: usize = 4 * TEMPLATE_BYTES_MAX;
/// Bytes of all values that one expansion makes; a few doublings of a variable stop here.
pub const TOTAL_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes that functions and the parser read, each time they read them: about a second's work. The
/// largest plan, asking in each of its resources five times for a list of as many, needs half.
pub const WORK_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// Characters of a caller's own text that a message repeats.
pub const ECHO_CHARS_MAX: usize = 256;
/// Templates that one preview looks into, as many as ARM's what-if does:
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if#what-if-limits>.
pub const PREVIEWED_TEMPLATES_MAX: usize = 500;
